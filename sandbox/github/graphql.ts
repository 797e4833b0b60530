import { commitFiles, type TreeFiles } from '../unity-repository.ts';
import { tipOf } from './bare.ts';
import { type GitHubRequest, type RouteContext, textOf } from './rest/route.ts';
import { showPush } from './shapes.ts';
import { type GitHubState, type RepositoryState, reaches, type TokenState } from './state.ts';

type Json = Readonly<Record<string, unknown>>;

/** A refusal in GraphQL's form: status 200, a type and a message. */
class GraphqlError extends Error {
  readonly type: string;
  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

const objectOf = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
const listOf = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.map(objectOf) : []);

type Mutation = (context: RouteContext, input: Json, token: TokenState) => Json;

/** Only the mutation that clients use. */
const mutations: Readonly<Record<string, Mutation>> = { createCommitOnBranch };

export function answerGraphql(context: RouteContext, request: GitHubRequest, token: TokenState): Json {
  const query = textOf(request.body['query']);
  const name = Object.keys(mutations).find((known) => query.includes(known));
  const mutation = name === undefined ? undefined : mutations[name];
  if (name === undefined || mutation === undefined)
    return { data: null, errors: [{ type: 'UNKNOWN', message: 'this double knows no such operation' }] };
  const { input } = objectOf(request.body['variables']);
  try {
    return { data: { [name]: mutation(context, objectOf(input), token) } };
  } catch (error) {
    if (!(error instanceof GraphqlError)) throw error;
    const { type, message } = error;
    return { data: { [name]: null }, errors: [{ type, path: [name], message }] };
  }
}

function createCommitOnBranch(context: RouteContext, input: Json, token: TokenState): Json {
  const branch = textOf(objectOf(input['branch'])['branchName']);
  const repository = getRepository(
    context.state,
    textOf(objectOf(input['branch'])['repositoryNameWithOwner']),
    token,
  );
  const tip = tipOf(repository.bare, branch);
  if (tip === undefined) throw new GraphqlError('NOT_FOUND', `No ref named "${branch}" exists`);
  const expected = textOf(input['expectedHeadOid']);
  if (tip !== expected) {
    const words = `Expected branch to point to "${tip}" but it did not. Pull and try again.`;
    throw new GraphqlError('STALE_DATA', words);
  }
  const changes = objectOf(input['fileChanges']);
  const additions = listOf(changes['additions']);
  const removals = listOf(changes['deletions']).map((item) => textOf(item['path']));
  refuse(repository, branch, token, [...additions.map((item) => textOf(item['path'])), ...removals]);
  const files: TreeFiles = Object.fromEntries(
    additions.map((item) => [textOf(item['path']), Buffer.from(textOf(item['contents']), 'base64')]),
  );
  const { headline, body } = objectOf(input['message']);
  const message = textOf(body) === '' ? textOf(headline) : `${textOf(headline)}\n\n${textOf(body)}`;
  const sha = commitFiles(repository.bare, {
    branch,
    message,
    author: token.kind === 'installation' ? 'upm-auto-publisher[bot]' : 'ada',
    files,
    remove: removals,
  });
  const push = { ref: `refs/heads/${branch}`, before: tip, after: sha };
  context.emit('push', showPush(context, repository, push));
  return { commit: { oid: sha, url: `${context.serverUrl}/${repository.slug}/commit/${sha}` } };
}

function refuse(
  repository: RepositoryState,
  branch: string,
  token: TokenState,
  paths: readonly string[],
): void {
  if (!token.canWrite || repository.isArchived)
    throw new GraphqlError('FORBIDDEN', 'Resource not accessible by integration');
  if (!token.canWriteWorkflows && paths.some((path) => path.startsWith('.github/workflows/')))
    throw new GraphqlError('FORBIDDEN', 'refusing to allow a GitHub App to create or update workflow');
  const protection = repository.protections.get(branch);
  if (protection?.how === 'classic') {
    const words = `Changes must be made through a pull request. (${branch})`;
    throw new GraphqlError('BRANCH_PROTECTION_RULE_VIOLATION', words);
  }
  if (protection?.how === 'ruleset') {
    const words = 'Repository rule violations found\n\nChanges must be made through a pull request.\n\n';
    throw new GraphqlError('UNPROCESSABLE', words);
  }
}

function getRepository(state: GitHubState, slug: string, token: TokenState): RepositoryState {
  const found = state.find(slug) ?? state.movedSlugs.get(slug.toLowerCase());
  if (found === undefined || !reaches(token, found))
    throw new GraphqlError('NOT_FOUND', `Could not resolve to a Repository with the name '${slug}'.`);
  return found;
}
