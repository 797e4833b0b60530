import { failure, renderFailure } from '../../domain/failure/failure.ts';
import {
  type CommitSha,
  ownerOf,
  type Repository,
  type Slug,
  sameSlug,
} from '../../domain/repository/repository.ts';
import type { Outbox } from '../../ports/announcements.ts';
import type { AuditLog } from '../../ports/audit.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Acceptance, JobQueue } from '../../ports/jobs.ts';
import type { Repositories } from '../../ports/repositories.ts';

export interface AcceptDeps {
  readonly clock: Clock;
  readonly queue: Pick<JobQueue, 'accept'>;
  readonly repositories: Pick<Repositories, 'findBySlug'>;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly outbox: Pick<Outbox, 'add'>;
  /** Accounts whose repositories are accepted, from GITHUB_OWNERS. */
  readonly owners: readonly string[];
  readonly onAccepted: () => void;
}

export interface DispatchPayload {
  readonly repository: Slug;
  readonly commit: CommitSha;
  /** Normalised path of one package; '' for every package of the commit. */
  readonly packagePath: string;
  readonly branch?: string | undefined;
  readonly commitMessage?: string | undefined;
  readonly commitAuthor?: string | undefined;
  /** Actor that the audit trail records; `event` by default. */
  readonly requestedBy?: string;
}

export type RefusalCode = 'repository-not-allowed' | 'repository-not-registered' | 'repository-disabled';
export type AcceptResult =
  | { readonly kind: 'accepted'; readonly acceptance: Acceptance }
  | { readonly kind: 'refused'; readonly code: RefusalCode; readonly detail: string };

/**
 * Turns a verified payload into a durable job, or says why it is refused. A refused repository of a known owner is
 * announced once per UTC day.
 */
export async function acceptDispatch(deps: AcceptDeps, payload: DispatchPayload): Promise<AcceptResult> {
  const { repository: slug, requestedBy = 'event' } = payload;
  if (!deps.owners.some((owner) => sameSlug(owner, ownerOf(slug)))) {
    return {
      kind: 'refused',
      code: 'repository-not-allowed',
      detail: `Repositories of ${ownerOf(slug)} are not accepted here`,
    };
  }
  const repository = await deps.repositories.findBySlug(slug);
  if (repository === undefined || repository.status !== 'active')
    return refuse(deps, payload, requestedBy, repository);
  const acceptance = await deps.queue.accept({
    repositoryId: repository.id,
    commit: payload.commit,
    packagePath: payload.packagePath,
    branch: payload.branch,
    commitMessage: payload.commitMessage,
    commitAuthor: payload.commitAuthor,
    requestedBy,
    allowLower: false,
  });
  deps.onAccepted();
  return { kind: 'accepted', acceptance };
}

async function refuse(
  deps: AcceptDeps,
  { repository: slug, commit }: DispatchPayload,
  actor: string,
  repository: Repository | undefined,
): Promise<AcceptResult> {
  const code = repository === undefined ? 'repository-not-registered' : 'repository-disabled';
  const rendered = renderFailure(failure(code, { repository: slug }));
  await deps.audit.append({ action: 'dispatch-refused', actor, subject: slug, facts: { code, commit } });
  const day = new Date(deps.clock.now()).toISOString().slice(0, 10);
  const key = `refused-${slug.toLowerCase()}-${day}`;
  await deps.outbox.add({ kind: 'dispatch-refused', repository: slug, failure: rendered }, key);
  const state = repository?.status === 'pending' ? ' (its registration is still pending)' : '';
  return { kind: 'refused', code, detail: `${rendered.title}${state}. ${rendered.remedy}` };
}
