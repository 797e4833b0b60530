import { z } from 'zod';
import type { EventRepository, GitHubEvent } from '../domain/repository/github-event.ts';
import { parseCommitSha, parseSlug } from '../domain/repository/repository.ts';
import { eventType, payloadSchema, translate } from './payload.ts';

/**
 * Parses GitHub's webhooks leniently: only the members we use, since GitHub's own examples do not fit its own schema.
 * What does not fit is `other`.
 */

const longestText = 4096;
const text = z
  .string()
  .transform((value) => value.slice(0, longestText).toWellFormed())
  .catch('');

const repository = z
  .object({ id: z.int(), full_name: z.string(), default_branch: z.string().optional().catch(undefined) })
  .transform((value, context): EventRepository => {
    const slug = parseSlug(value.full_name);
    if (slug !== undefined) return { githubId: value.id, slug, defaultBranch: value.default_branch };
    context.addIssue({ code: 'custom', message: 'expected owner/name' });
    return z.NEVER;
  });

const none = '0'.repeat(40);

const push = z
  .object({
    repository,
    ref: z.string(),
    after: z.string(),
    before: text,
    deleted: z.boolean().catch(false),
    head_commit: z
      .object({ message: text, author: z.object({ name: text }).catch({ name: '' }) })
      .nullish()
      .catch(undefined),
  })
  .transform((value): GitHubEvent => {
    const isDeleted = value.deleted || value.after === none;
    return {
      kind: 'push',
      repository: value.repository,
      ref: value.ref,
      after: isDeleted ? undefined : parseCommitSha(value.after),
      before: value.before === none ? undefined : parseCommitSha(value.before),
      message: value.head_commit?.message ?? '',
      author: value.head_commit?.author.name ?? '',
    };
  });

const repositoryDispatch = z
  .object({ repository, action: z.string(), client_payload: z.unknown() })
  .transform((value): GitHubEvent => {
    const parsed = value.action === eventType ? payloadSchema.safeParse(value.client_payload) : undefined;
    const dispatch = parsed?.success === true ? translate(parsed.data) : undefined;
    return { kind: 'repository-dispatch', repository: value.repository, eventType: value.action, dispatch };
  });

const pullRequest = z
  .object({
    repository,
    action: z.string(),
    number: z.int(),
    pull_request: z.object({
      merged: z.boolean().nullish().catch(false),
      head: z.object({ sha: z.string() }).optional().catch(undefined),
      base: z.object({ ref: z.string() }).optional().catch(undefined),
    }),
  })
  .transform((value): GitHubEvent => {
    const isMerged = value.pull_request.merged === true;
    return {
      kind: 'pull-request',
      repository: value.repository,
      number: value.number,
      action: value.action,
      isMerged,
      head: parseCommitSha(value.pull_request.head?.sha ?? ''),
      base: value.pull_request.base?.ref,
    };
  });

const workflowRun = z
  .object({
    repository,
    workflow_run: z.object({ path: text, head_sha: text, conclusion: z.string().nullish().catch(undefined) }),
  })
  .transform(({ repository: about, workflow_run: run }): GitHubEvent => {
    const conclusion = run.conclusion ?? undefined;
    // Since reusable workflows exist, a path may end in `@ref`.
    const path = run.path.replace(/@.*$/s, '');
    return {
      kind: 'workflow-run',
      repository: about,
      path,
      commit: parseCommitSha(run.head_sha),
      conclusion,
    };
  });

const repositoryChange = z
  .object({ repository, action: z.string() })
  .transform((value): GitHubEvent => ({ kind: 'repository', ...value }));

const repositories = z.array(repository).catch([]);
const installation = z
  .object({ action: z.string(), repositories: repositories, repositories_removed: repositories })
  .transform(
    (value): GitHubEvent => ({
      kind: 'installation',
      action: value.action,
      repositories: [...value.repositories, ...value.repositories_removed],
    }),
  );

const schemas: ReadonlyMap<string, z.ZodType<GitHubEvent>> = new Map<string, z.ZodType<GitHubEvent>>([
  ['push', push],
  ['repository_dispatch', repositoryDispatch],
  ['pull_request', pullRequest],
  ['workflow_run', workflowRun],
  ['repository', repositoryChange],
  ['installation', installation],
  ['installation_repositories', installation],
]);

/** Parses an authenticated webhook; returns undefined when it is not JSON. */
export function parseGitHubEvent(name: string, body: Buffer): GitHubEvent | undefined {
  let json: unknown;
  try {
    json = JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
  const parsed = schemas.get(name)?.safeParse(json);
  return parsed?.success === true ? parsed.data : { kind: 'other' };
}
