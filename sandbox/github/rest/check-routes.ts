import { forbidden, validationFailed } from '../api-error.ts';
import { readCommit } from '../bare.ts';
import type { CheckRunState, RepositoryState, TokenState } from '../state.ts';
import { type GitHubRequest, type RepositoryRoute, textOf } from './route.ts';

const annotationsMax = 50;
const descriptionMax = 140;

/** Check runs, which only an App may make, and commit statuses. */
export const checkRoutes: readonly RepositoryRoute[] = [
  {
    method: 'GET',
    path: '/commits/:sha/check-runs',
    handle: (_context, repository, request, { sha }, token) => {
      checkApp(token);
      const name = request.query.get('check_name');
      const runs = repository.checkRuns.filter(
        (run) => run.commit === sha && (name === null || run.name === name),
      );
      return { status: 200, body: { total_count: runs.length, check_runs: runs.map(showRun) } };
    },
  },
  {
    method: 'POST',
    path: '/check-runs',
    handle: ({ state }, repository, request, _parameters, token) => {
      checkApp(token);
      const commit = textOf(request.body['head_sha']);
      getCommit(repository, commit);
      const run: CheckRunState = {
        id: state.nextId(),
        commit,
        name: textOf(request.body['name']),
        status: 'queued',
        conclusion: null,
        title: null,
        summary: null,
        annotations: [],
      };
      repository.checkRuns.push(run);
      change(run, request);
      return { status: 201, body: showRun(run) };
    },
  },
  {
    method: 'PATCH',
    path: '/check-runs/:id',
    handle: (_context, repository, request, { id }, token) => {
      checkApp(token);
      const run = repository.checkRuns.find((known) => String(known.id) === id);
      if (run === undefined) throw validationFailed([{ resource: 'CheckRun', code: 'missing' }]);
      change(run, request);
      return { status: 200, body: showRun(run) };
    },
  },
  {
    method: 'POST',
    path: '/statuses/:sha',
    handle: (_context, repository, request, { sha = '' }, token) => {
      if (!token.canWriteStatuses) throw forbidden();
      getCommit(repository, sha);
      const description = textOf(request.body['description']);
      if (description.length > descriptionMax)
        throw validationFailed([{ resource: 'Status', field: 'description', code: 'custom' }]);
      const context = textOf(request.body['context']);
      const status = { commit: sha, context, state: textOf(request.body['state']), description };
      repository.statuses.push(status);
      return { status: 201, body: { ...status, id: repository.statuses.length } };
    },
  },
];

function checkApp(token: TokenState): void {
  if (!token.canWriteChecks) throw forbidden();
}

function getCommit(repository: RepositoryState, sha: string): void {
  if (readCommit(repository.bare, sha) === undefined)
    throw validationFailed([
      { resource: 'Commit', code: 'custom', message: `No commit found for SHA: ${sha}` },
    ]);
}

/** Adds new annotations to the earlier ones. */
function change(run: CheckRunState, { body }: GitHubRequest): void {
  if (typeof body['status'] === 'string') run.status = body['status'];
  if (typeof body['conclusion'] === 'string') run.conclusion = body['conclusion'];
  const output = body['output'] as Readonly<Record<string, unknown>> | undefined;
  if (output === undefined) return;
  const annotations = Array.isArray(output['annotations']) ? (output['annotations'] as unknown[]) : [];
  if (annotations.length > annotationsMax)
    throw validationFailed([{ resource: 'CheckRun', field: 'annotations', code: 'invalid' }]);
  run.title = textOf(output['title']);
  run.summary = textOf(output['summary']);
  run.annotations.push(...annotations);
}

function showRun(run: CheckRunState) {
  const { id, name, status, conclusion, commit, title, summary, annotations } = run;
  const output = { title, summary, annotations_count: annotations.length };
  return { id, name, status, conclusion, head_sha: commit, output };
}
