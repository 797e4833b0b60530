import { ApiError, notFound } from '../api-error.ts';
import { deleteBranch, isAncestor, readCommit, setTip, tipOf } from '../bare.ts';
import { showCommit, showPush, showRef } from '../shapes.ts';
import type { RepositoryState } from '../state.ts';
import { type RepositoryRoute, type RouteContext, textOf } from './route.ts';

const none = '0'.repeat(40);

/** Routes of refs and commits. */
export const gitRoutes: readonly RepositoryRoute[] = [
  {
    method: 'GET',
    path: '/git/ref/heads/*branch',
    handle: (context, repository, _request, { branch = '' }) => {
      const sha = tipOf(repository.bare, branch);
      if (sha === undefined) throw notFound();
      return { status: 200, body: showRef(context, repository, branch, sha) };
    },
  },
  {
    method: 'GET',
    path: '/git/commits/:sha',
    handle: (context, repository, _request, { sha = '' }) => {
      const commit = readCommit(repository.bare, sha);
      if (commit === undefined) throw notFound();
      return { status: 200, body: showCommit(context, repository, commit) };
    },
  },
  {
    method: 'POST',
    path: '/git/refs',
    writes: true,
    handle: (context, repository, request) => {
      const [, branch] = /^refs\/heads\/(.+)$/.exec(textOf(request.body['ref'])) ?? [];
      const sha = textOf(request.body['sha']);
      if (branch === undefined)
        throw new ApiError(422, "Reference name must start with 'refs/' and contain at least two slashes.");
      if (readCommit(repository.bare, sha) === undefined) throw new ApiError(422, 'Object does not exist');
      if (tipOf(repository.bare, branch) !== undefined) throw new ApiError(422, 'Reference already exists');
      move(context, repository, branch, sha);
      return { status: 201, body: showRef(context, repository, branch, sha) };
    },
  },
  {
    method: 'PATCH',
    path: '/git/refs/heads/*branch',
    writes: true,
    handle: (context, repository, request, { branch = '' }) => {
      const tip = tipOf(repository.bare, branch);
      const sha = textOf(request.body['sha']);
      if (tip === undefined) throw new ApiError(422, 'Reference does not exist');
      if (readCommit(repository.bare, sha) === undefined) throw new ApiError(422, 'Object does not exist');
      refuseProtected(repository, branch);
      if (request.body['force'] !== true && !isAncestor(repository.bare, tip, sha))
        throw new ApiError(422, 'Update is not a fast forward');
      move(context, repository, branch, sha);
      return { status: 200, body: showRef(context, repository, branch, sha) };
    },
  },
  {
    method: 'DELETE',
    path: '/git/refs/heads/*branch',
    writes: true,
    handle: (_context, repository, _request, { branch = '' }) => {
      if (tipOf(repository.bare, branch) === undefined) throw new ApiError(422, 'Reference does not exist');
      deleteBranch(repository.bare, branch);
      return { status: 204 };
    },
  },
];

function refuseProtected(repository: RepositoryState, branch: string): void {
  const protection = repository.protections.get(branch);
  if (protection?.how === 'ruleset')
    throw new ApiError(
      422,
      'Repository rule violations found\n\nChanges must be made through a pull request.',
    );
  if (protection !== undefined) throw new ApiError(422, 'Changes must be made through a pull request.');
}

function move(context: RouteContext, repository: RepositoryState, branch: string, sha: string): void {
  const before = tipOf(repository.bare, branch) ?? none;
  setTip(repository.bare, branch, sha);
  if (before === sha) return;
  context.emit('push', showPush(context, repository, { ref: `refs/heads/${branch}`, before, after: sha }));
}
