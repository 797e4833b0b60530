import { z } from 'zod';
import { Outage } from '../../domain/failure/failure.ts';
import { type CommitSha, parseCommitSha } from '../../domain/repository/repository.ts';
import type { CommitFilesRequest, CommitFilesResult } from '../../ports/github.ts';
import { UnusableAnswer } from '../system/read-body.ts';
import { readShape } from './answers.ts';
import type { Calling } from './api-client.ts';
import { oneLine } from './explain-error.ts';

const mutation = `mutation ($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid } }
}`;

const committedShape = z.object({
  createCommitOnBranch: z.object({ commit: z.object({ oid: z.string() }) }),
});
/** The form of a GraphQL refusal, which has status 200. */
const refusedShape = z.object({
  name: z.literal('GraphqlResponseError'),
  errors: z.array(z.object({ type: z.string().optional(), message: z.string().catch('') })).min(1),
});

export interface GraphqlRefusal {
  readonly type: string | undefined;
  /** One line, only to be shown to people. */
  readonly detail: string;
}

/** Undefined when the error is not a GraphQL refusal. */
export function graphqlRefusalOf(error: unknown): GraphqlRefusal | undefined {
  if (!(error instanceof Error)) return undefined;
  const { errors } = error as { readonly errors?: unknown };
  const parsed = refusedShape.safeParse({ name: error.name, errors });
  const [first] = parsed.success ? parsed.data.errors : [];
  return first === undefined ? undefined : { type: first.type, detail: oneLine(first.message) };
}

/** Makes one commit through GraphQL, which is atomic and signed by the git host. */
export async function commitFiles(
  calling: Calling,
  request: CommitFilesRequest,
  findHead: () => Promise<CommitSha | undefined>,
): Promise<CommitFilesResult> {
  try {
    const answer = readShape(
      committedShape,
      await calling.octokit.graphql(mutation, { input: toInput(request), ...calling.options }),
    );
    const commit = parseCommitSha(answer.createCommitOnBranch.commit.oid);
    if (commit === undefined) throw new UnusableAnswer('it answers with a commit that is no sha');
    return { kind: 'committed', commit };
  } catch (error) {
    const refusal = graphqlRefusalOf(error);
    if (refusal === undefined) throw error;
    return explain(refusal, request, findHead, error);
  }
}

function toInput(request: CommitFilesRequest) {
  const additions = request.files.flatMap(({ path, content }) =>
    content === undefined ? [] : [{ path, contents: Buffer.from(content).toString('base64') }],
  );
  const deletions = request.files.flatMap(({ path, content }) => (content === undefined ? [{ path }] : []));
  return {
    branch: { repositoryNameWithOwner: request.slug, branchName: request.branch },
    expectedHeadOid: request.expectedHead,
    fileChanges: { additions, deletions },
    message: { headline: request.headline, ...(request.body === '' ? {} : { body: request.body }) },
  };
}

/** Missing permission or missing repository: another branch would not help. */
const final: readonly string[] = ['FORBIDDEN', 'NOT_FOUND', 'INSUFFICIENT_SCOPES'];

async function explain(
  { type, detail }: GraphqlRefusal,
  request: CommitFilesRequest,
  findHead: () => Promise<CommitSha | undefined>,
  cause: unknown,
): Promise<CommitFilesResult> {
  if (type === 'STALE_DATA') return { kind: 'moved' };
  if (type === undefined || type === 'RATE_LIMITED')
    throw new Outage('git-host', 'down', detail, undefined, { cause });
  if (final.includes(type)) return { kind: 'refused', detail };
  // Classic branch protection has a type of its own, but rulesets do not: any other refusal means that the branch moved
  // or does not accept direct commits.
  const head = await findHead();
  return head === request.expectedHead ? { kind: 'protected', detail } : { kind: 'moved' };
}
