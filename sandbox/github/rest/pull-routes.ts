import { ApiError, notFound } from '../api-error.ts';
import { tipOf } from '../bare.ts';
import { closePull, mergePull, openPull } from '../pulls.ts';
import { showPull } from '../shapes.ts';
import type { PullState, RepositoryState } from '../state.ts';
import { answerPage } from './pages.ts';
import { type RepositoryRoute, textOf } from './route.ts';

/** Routes of pull requests between branches of one repository. */
export const pullRoutes: readonly RepositoryRoute[] = [
  {
    method: 'GET',
    path: '/pulls',
    handle: (context, repository, request) => {
      const state = request.query.get('state') ?? 'open';
      const head = request.query.get('head')?.replace(/^[^:]+:/, '');
      const base = request.query.get('base');
      const found = repository.pulls.filter(
        (pull) =>
          (state === 'all' || pull.state === state) &&
          (head === undefined || pull.head === head) &&
          (base === null || pull.base === base),
      );
      const shown = found.toReversed().map((pull) => showPull(context, repository, pull));
      return answerPage(context, request, shown);
    },
  },
  {
    method: 'POST',
    path: '/pulls',
    writes: true,
    handle: (context, repository, { body }) => {
      const pull = openPull(context, repository, {
        head: textOf(body['head']),
        base: textOf(body['base']),
        title: textOf(body['title']),
        body: textOf(body['body']),
      });
      return { status: 201, body: showPull(context, repository, pull) };
    },
  },
  {
    method: 'GET',
    path: '/pulls/:number',
    handle: (context, repository, _request, { number }) => ({
      status: 200,
      body: showPull(context, repository, getPull(repository, number)),
    }),
  },
  {
    method: 'PATCH',
    path: '/pulls/:number',
    writes: true,
    handle: (context, repository, { body }, { number }) => {
      const pull = getPull(repository, number);
      if (typeof body['title'] === 'string') pull.title = body['title'];
      if (typeof body['body'] === 'string') pull.body = body['body'];
      if (body['state'] === 'closed' && pull.state === 'open') closePull(context, repository, pull);
      return { status: 200, body: showPull(context, repository, pull) };
    },
  },
  {
    method: 'PUT',
    path: '/pulls/:number/merge',
    writes: true,
    handle: (context, repository, { body }, { number }) => {
      const pull = getPull(repository, number);
      const expected = body['sha'];
      if (typeof expected === 'string' && expected !== tipOf(repository.bare, pull.head))
        throw new ApiError(409, 'Head branch was modified. Review and try the merge again.');
      const sha = mergePull(context, repository, pull);
      return { status: 200, body: { sha, merged: true, message: 'Pull Request successfully merged' } };
    },
  },
];

function getPull(repository: RepositoryState, number: string | undefined): PullState {
  const found = repository.pulls.find((pull) => String(pull.number) === number);
  if (found === undefined) throw notFound();
  return found;
}
