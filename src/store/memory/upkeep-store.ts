import type { ToldNews } from '../../ports/announcements.ts';
import type { PublishedVersions } from '../../ports/catalog.ts';
import type { OpenWork } from '../../ports/jobs.ts';
import type { CheckMemory, CredentialMemory } from '../../ports/memory.ts';
import { buildToldNews } from '../announcements/told-news.ts';
import type { StoreContext } from '../engine/context.ts';
import { buildOpenWork } from '../jobs/open-work.ts';
import { buildCheckMemory, buildPublishedVersions } from './check-memory.ts';
import { buildCredentialMemory } from './credential-memory.ts';

/** What checks and reports work with. */
export interface UpkeepStore {
  readonly versions: PublishedVersions;
  readonly checks: CheckMemory;
  readonly credentialMemory: CredentialMemory;
  readonly work: OpenWork;
  readonly told: ToldNews;
}

export function buildUpkeep(context: StoreContext): UpkeepStore {
  return {
    versions: buildPublishedVersions(context),
    checks: buildCheckMemory(context),
    credentialMemory: buildCredentialMemory(context),
    work: buildOpenWork(context),
    told: buildToldNews(context),
  };
}
