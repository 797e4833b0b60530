import { ApiError, notFound, validationFailed } from '../api-error.ts';
import { showDelivery, showRepository } from '../shapes.ts';
import { appPermissions, type GitHubState, type InstallationState, ownerOf } from '../state.ts';
import { answerPage } from './pages.ts';
import type { AppRoute, RouteContext } from './route.ts';

const hourMs = 3_600_000;

/** Redelivers a webhook of the App, by its delivery id. */
export type Redeliver = (id: number) => Promise<void>;

const asked: readonly AppRoute[] = [
  {
    method: 'GET',
    path: '/app',
    handle: ({ state }) => ({ status: 200, body: showApp(state) }),
  },
  {
    method: 'GET',
    path: '/app/installations',
    handle: (context, request) =>
      answerPage(
        context,
        request,
        context.state.installations.map((item) => showInstallation(context, item)),
      ),
  },
  {
    method: 'GET',
    path: '/repos/:owner/:repo/installation',
    handle: (context, _request, { owner, repo }) => {
      const slug = `${owner}/${repo}`;
      const found = context.state.installations.find((item) => covers(context.state, item, slug));
      if (found === undefined) throw notFound();
      return { status: 200, body: showInstallation(context, found) };
    },
  },
  {
    method: 'POST',
    path: '/app/installations/:id/access_tokens',
    handle: (context, request, { id }) => {
      const found = context.state.installations.find((item) => String(item.id) === id && !item.isSuspended);
      if (found === undefined) throw notFound();
      return { status: 201, body: issue(context, found, request.body) };
    },
  },
  {
    method: 'GET',
    path: '/app/hook/deliveries',
    handle: (context, request) =>
      answerPage(context, request, context.state.deliveries.toReversed().map(showDelivery)),
  },
];

/** Builds the routes that an App uses about itself. */
export function buildAppRoutes(redeliver: Redeliver): readonly AppRoute[] {
  return [
    ...asked,
    {
      method: 'POST',
      path: '/app/hook/deliveries/:id/attempts',
      handle: async ({ state }, _request, { id }) => {
        if (!state.deliveries.some((delivery) => String(delivery.id) === id)) throw notFound();
        await redeliver(Number(id));
        return { status: 202, body: {} };
      },
    },
  ];
}

function showApp(state: GitHubState) {
  return {
    id: Number(state.appId),
    slug: 'upm-auto-publisher',
    node_id: `A_${state.appId}`,
    name: 'UPM Auto Publisher',
    permissions: appPermissions,
    events: ['push', 'pull_request', 'repository', 'workflow_run'],
  };
}

function showInstallation(context: RouteContext, installation: InstallationState) {
  const { id, owner, isSuspended } = installation;
  return {
    id,
    account: { login: owner, id: context.state.ownerIdOf(`${owner}/`), type: 'Organization' },
    app_id: Number(context.state.appId),
    repository_selection: 'all',
    permissions: installation.permissions,
    suspended_at: isSuspended ? new Date(context.state.now()).toISOString() : null,
  };
}

function covers(state: GitHubState, installation: InstallationState, slug: string): boolean {
  const repository = state.find(slug) ?? state.movedSlugs.get(slug.toLowerCase());
  if (repository === undefined || installation.hidden.has(repository.slug.toLowerCase())) return false;
  return ownerOf(repository.slug).toLowerCase() === installation.owner.toLowerCase();
}

/** Issues a token, narrowed to what was asked for. Refuses a repository that is not covered, as GitHub does. */
function issue(
  context: RouteContext,
  installation: InstallationState,
  body: Readonly<Record<string, unknown>>,
) {
  const { state } = context;
  const all = state.repositories.filter((item) => covers(state, installation, item.slug));
  const named = listOf(body['repositories']).map((name) =>
    all.find((item) => item.slug.toLowerCase().endsWith(`/${name.toLowerCase()}`)),
  );
  const numbered = listOf(body['repository_ids']).map((id) => all.find((item) => String(item.id) === id));
  const given = [...named, ...numbered];
  if (given.includes(undefined))
    throw validationFailed([
      { message: 'There is at least one repository that does not exist or is not accessible' },
    ]);
  const repositories = given.length === 0 ? all : given.filter((item) => item !== undefined);
  const permissions = grant(installation, body['permissions']);
  const token = state.issueToken(
    {
      kind: 'installation',
      repositories: repositories.map((item) => item.id),
      canRead: permissions['contents'] !== undefined,
      canWrite: permissions['contents'] === 'write',
      canWriteWorkflows: permissions['workflows'] === 'write',
      canWriteChecks: permissions['checks'] === 'write',
      canWriteStatuses: permissions['statuses'] === 'write',
    },
    hourMs,
  );
  return {
    token,
    expires_at: new Date(state.now() + hourMs).toISOString(),
    permissions,
    repository_selection: given.length === 0 ? 'all' : 'selected',
    repositories: repositories.map((item) => showRepository(context, item)),
  };
}

const listOf = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

/** Returns the permissions asked for. Throws when they exceed what the owner granted. */
function grant(installation: InstallationState, wanted: unknown): Readonly<Record<string, string>> {
  const granted = installation.permissions;
  const permissions = (wanted as Record<string, string> | undefined) ?? granted;
  const isMore = ([name, level]: readonly [string, string]): boolean =>
    granted[name] === undefined || (level === 'write' && granted[name] !== 'write');
  if (Object.entries(permissions).some(isMore))
    throw new ApiError(422, 'The permissions requested are not granted to this installation.');
  return permissions;
}
