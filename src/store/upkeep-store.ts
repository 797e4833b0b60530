import type { CheckMemory } from '../ports/check-memory.ts';
import type { CredentialMemory } from '../ports/credential-memory.ts';
import type { OpenWork } from '../ports/open-work.ts';
import type { PublishedVersions } from '../ports/published-versions.ts';
import type { ToldNews } from '../ports/told-news.ts';
import { buildCheckMemory, buildPublishedVersions } from './check-memory.ts';
import type { StoreContext } from './context.ts';
import { buildCredentialMemory } from './credential-memory.ts';
import { buildOpenWork } from './open-work.ts';
import { buildToldNews } from './told-news.ts';

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
