import { z } from 'zod';
import { failure, PublishError } from '../../domain/failure/failure.ts';
import type { PullRequest, PullRequestRequest } from '../../ports/github.ts';
import { readShape } from './answers.ts';
import type { Calling } from './api-client.ts';
import { refusalOf, statusOf, wordsOf } from './explain-error.ts';

const pullShape = z.object({
  number: z.int().positive(),
  html_url: z.string(),
  state: z.enum(['open', 'closed']),
  // Not optional: a missing value would otherwise read as "merged".
  merged_at: z.string().nullable(),
  title: z.string(),
  body: z.string().nullable(),
  head: z.object({ ref: z.string() }),
  base: z.object({ ref: z.string() }),
});
const pullsShape = z.array(pullShape);

type Pull = z.infer<typeof pullShape>;

/** Updates the open pull request of `head`, or opens a new one. */
export async function openPullRequest(calling: Calling, request: PullRequestRequest): Promise<PullRequest> {
  const { octokit, names, options } = calling;
  const { title, body, head, base, slug } = request;
  const open = await findOpen(calling, head, base);
  if (open !== undefined) return update(calling, open, request);
  try {
    const { data } = await octokit.rest.pulls.create({ ...names, ...options, title, body, head, base });
    return toPullRequest(readShape(pullShape, data));
  } catch (error) {
    if (statusOf(error) !== 422) throw error;
    // Somebody else opened the pull request between the two requests, or it cannot be opened at all.
    const opened = await findOpen(calling, head, base);
    if (opened !== undefined) return update(calling, opened, request);
    const refusal = refusalOf(error);
    const detail = `it takes no pull request: ${refusal === undefined ? 'HTTP 422' : wordsOf(refusal)}`;
    throw new PublishError(failure('repository-unavailable', { repository: slug, detail }), { cause: error });
  }
}

async function findOpen(
  { octokit, names, options }: Calling,
  head: string,
  base: string,
): Promise<Pull | undefined> {
  const { data } = await octokit.rest.pulls.list({
    ...names,
    ...options,
    state: 'open',
    head: `${names.owner}:${head}`,
    base,
    per_page: 10,
  });
  // After the owner was renamed, GitHub ignores the filter.
  return readShape(pullsShape, data).find((pull) => pull.head.ref === head && pull.base.ref === base);
}

async function update(calling: Calling, open: Pull, request: PullRequestRequest): Promise<PullRequest> {
  const { octokit, names, options } = calling;
  const { title, body } = request;
  if (open.title !== title || (open.body ?? '') !== body) {
    await octokit.rest.pulls.update({ ...names, ...options, pull_number: open.number, title, body });
  }
  return toPullRequest(open);
}

/** Undefined when no pull request has this number. */
export async function findPullRequest(calling: Calling, number: number): Promise<PullRequest | undefined> {
  const { octokit, names, options } = calling;
  try {
    const { data } = await octokit.rest.pulls.get({ ...names, ...options, pull_number: number });
    return toPullRequest(readShape(pullShape, data));
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
    // A repository that we cannot see also answers 404; this request throws for it.
    await octokit.rest.repos.get({ ...names, ...options });
    return undefined;
  }
}

function toPullRequest(pull: Pull): PullRequest {
  const closed = pull.merged_at === null ? 'closed' : 'merged';
  return { number: pull.number, url: pull.html_url, state: pull.state === 'open' ? 'open' : closed };
}
