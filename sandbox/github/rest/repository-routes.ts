import { ApiError, notFound } from '../api-error.ts';
import { defaultBranchOf, listBranches, readCommit, readFile, tipOf } from '../bare.ts';
import { showCommit, showRepository } from '../shapes.ts';
import { answerPage } from './pages.ts';
import { type RepositoryRoute, textOf } from './route.ts';

/** Routes of the repository itself, its branches, its files and its dispatches. */
export const repositoryRoutes: readonly RepositoryRoute[] = [
  {
    method: 'GET',
    path: '',
    handle: (context, repository) => ({ status: 200, body: showRepository(context, repository) }),
  },
  {
    method: 'GET',
    path: '/branches',
    handle: (context, repository, request) => {
      const branches = listBranches(repository.bare).map(({ name, sha }) => ({
        name,
        commit: { sha, url: `${context.apiUrl}/repos/${repository.slug}/commits/${sha}` },
        protected: repository.protections.has(name),
      }));
      return answerPage(context, request, branches);
    },
  },
  {
    method: 'GET',
    path: '/branches/:branch/protection',
    handle: (context, repository, _request, { branch = '' }) => {
      const protection = repository.protections.get(branch);
      // This route knows only classic protection, not rulesets.
      if (protection?.how !== 'classic') throw new ApiError(404, 'Branch not protected');
      const url = `${context.apiUrl}/repos/${repository.slug}/branches/${branch}/protection`;
      return { status: 200, body: { url, enforce_admins: { url, enabled: true } } };
    },
  },
  {
    method: 'GET',
    path: '/contents/*path',
    handle: (context, repository, request, { path = '' }) => {
      const ref = request.query.get('ref') ?? defaultBranchOf(repository.bare);
      const commit = tipOf(repository.bare, ref) ?? readCommit(repository.bare, ref)?.sha;
      const blob = commit === undefined ? undefined : readFile(repository.bare, commit, path);
      if (blob === undefined) throw notFound();
      const url = `${context.apiUrl}/repos/${repository.slug}/contents/${path}?ref=${ref}`;
      const body = {
        type: 'file',
        encoding: 'base64',
        size: blob.content.length,
        name: path.split('/').at(-1),
        path,
        content: blob.content.toString('base64').replaceAll(/(.{60})/g, '$1\n'),
        sha: blob.oid,
        url,
        git_url: null,
        html_url: null,
        download_url: null,
        _links: { self: url, git: null, html: null },
      };
      return { status: 200, body };
    },
  },
  {
    method: 'GET',
    path: '/commits/:sha',
    handle: (context, repository, _request, { sha = '' }) => {
      const commit = readCommit(repository.bare, tipOf(repository.bare, sha) ?? sha);
      if (commit === undefined) throw new ApiError(422, `No commit found for SHA: ${sha}`);
      return { status: 200, body: showCommit(context, repository, commit) };
    },
  },
  {
    method: 'GET',
    path: '/actions/runs',
    handle: (context, repository) => {
      const runs = context.state.runs.filter(({ slug }) => slug === repository.slug).map(({ run }) => run);
      return { status: 200, body: { total_count: runs.length, workflow_runs: runs } };
    },
  },
  {
    method: 'POST',
    path: '/dispatches',
    writes: true,
    handle: (context, repository, request) => {
      context.state.dispatches.push({ slug: repository.slug, body: request.body });
      context.emit('repository_dispatch', {
        action: textOf(request.body['event_type']),
        branch: defaultBranchOf(repository.bare),
        client_payload: request.body['client_payload'] ?? null,
        repository: showRepository(context, repository),
      });
      return { status: 204 };
    },
  },
];
