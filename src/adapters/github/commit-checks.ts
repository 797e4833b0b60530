import { z } from 'zod';
import { PublishError } from '../../domain/failure/failure.ts';
import type { CheckAnnotation, CommitCheck } from '../../domain/repository/commit-check.ts';
import type { CommitSha, Slug } from '../../domain/repository/repository.ts';
import type { CommitChecks, ShownCheck } from '../../ports/github.ts';
import { readShape } from './answers.ts';
import type { Calling, GitHubApi } from './api-client.ts';

const runShape = z.object({ id: z.int() });
const runsShape = z.object({ check_runs: z.array(runShape) });
const name = 'upm-publisher';
/** GitHub's limit of annotations per request. */
const annotationsAtOnce = 50;
/** Annotations beyond this limit only appear as a number in the summary. */
const annotationsMax = 250;

/**
 * CommitChecks on GitHub's API: shows a check run, which only an App with `checks: write` may create, else a commit
 * status (`statuses: write`).
 */
export function buildCommitChecks(api: GitHubApi): CommitChecks {
  return {
    begin: async (slug, commit, signal) => show(api, slug, commit, undefined, signal),
    finish: async (slug, commit, check, signal) => show(api, slug, commit, check, signal),
  };
}

async function show(
  api: GitHubApi,
  slug: Slug,
  commit: CommitSha,
  check: CommitCheck | undefined,
  signal: AbortSignal,
): Promise<ShownCheck> {
  const asCheck = async (): Promise<'check'> => {
    await api.call(slug, 'checks', signal, async (calling) => showRun(calling, commit, check));
    return 'check';
  };
  const asStatus = async (): Promise<'status'> => {
    await api.call(slug, 'statuses', signal, async (calling) => showStatus(calling, commit, check));
    return 'status';
  };
  return (await unlessRefused(asCheck)) ?? (await unlessRefused(asStatus)) ?? 'not-permitted';
}

/** Undefined when our credentials lack the permission: GitHub answers 403 or 404, or issues no such token. */
async function unlessRefused<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof PublishError) return undefined;
    throw error;
  }
}

async function showRun(calling: Calling, commit: CommitSha, check: CommitCheck | undefined): Promise<void> {
  const { octokit, names, options } = calling;
  const { data } = await octokit.rest.checks.listForRef({
    ...names,
    ...options,
    ref: commit,
    check_name: name,
    per_page: 1,
  });
  const known = readShape(runsShape, data).check_runs[0]?.id;
  const first = toRun(check, (check?.annotations ?? []).slice(0, annotationsAtOnce));
  const run = { ...names, ...options, name, ...first };
  const shown =
    known === undefined
      ? await octokit.rest.checks.create({ ...run, head_sha: commit })
      : await octokit.rest.checks.update({ ...run, check_run_id: known });
  const { id } = readShape(runShape, shown.data);
  const all = (check?.annotations ?? []).slice(0, annotationsMax);
  // Each request adds its annotations to the earlier ones.
  for (let from = annotationsAtOnce; from < all.length; from += annotationsAtOnce) {
    const more = toRun(check, all.slice(from, from + annotationsAtOnce));
    await octokit.rest.checks.update({ ...names, ...options, check_run_id: id, ...more });
  }
}

function toRun(check: CommitCheck | undefined, annotations: readonly CheckAnnotation[]) {
  if (check === undefined) return { status: 'in_progress' as const };
  const { conclusion, title, summary } = check;
  return {
    status: 'completed' as const,
    conclusion,
    output: { title, summary, annotations: annotations.map(toAnnotation) },
  };
}

function toAnnotation({ path, line, level, title, message }: CheckAnnotation) {
  return { path, start_line: line, end_line: line, annotation_level: level, title, message };
}

async function showStatus(
  { octokit, names, options }: Calling,
  sha: CommitSha,
  check: CommitCheck | undefined,
): Promise<void> {
  const state = check?.conclusion ?? 'pending';
  const description = check?.title ?? 'packing and checking';
  await octokit.rest.repos.createCommitStatus({
    ...names,
    ...options,
    sha,
    state,
    description,
    context: name,
  });
}
