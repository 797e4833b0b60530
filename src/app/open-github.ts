import { join } from 'node:path';
import { pullRefspecs } from '../adapters/git/branches.ts';
import { buildGitSource, type GitPorts, type GitSourceOptions } from '../adapters/git/git-source.ts';
import { buildGitHub, type GitHub } from '../adapters/github/github.ts';
import { buildWorkflowIdentities } from '../adapters/github/workflow-identities.ts';
import type { IdentityDoor, WebhookDoor } from '../http/context.ts';
import type { GitCredentials } from '../ports/git.ts';
import type { Volume } from '../ports/system.ts';
import type { AcceptResult, DispatchPayload } from '../publisher/dispatch/accept-dispatch.ts';
import { admitWorkflow } from '../publisher/github/admit-workflow.ts';
import { buildCatchUpLoop } from '../publisher/github/catch-up.ts';
import { buildCredentialCheck } from '../publisher/github/credential-check.ts';
import { buildRegistrationLoop } from '../publisher/github/follow-registrations.ts';
import { buildInboxWorker } from '../publisher/github/inbox-worker.ts';
import type { RegistrationDeps } from '../publisher/github/merge-registration.ts';
import { sweepDeliveries } from '../publisher/github/redelivery-sweep.ts';
import { buildRegistrar, type Registrar } from '../publisher/github/registration.ts';
import { type SyncFinding, syncStatus } from '../publisher/github/status-sync.ts';
import type { ComponentState } from '../publisher/queue/readiness.ts';
import { hasGitHubCredentials } from './open-changelog.ts';
import type { AppDeps, Parts } from './parts.ts';

const mebibyte = 1024 * 1024;

export function openGitHub({ config, secrets, clock }: AppDeps): GitHub {
  return buildGitHub({
    apiUrl: config.githubApiUrl,
    appId: config.githubAppId,
    appKey: () => secrets.githubAppKey(),
    token: () => secrets.githubToken(),
    clock,
  });
}

/** Opens the mirrors that packages are published from. */
export function openSource(deps: AppDeps, credentials: GitCredentials, volume: Volume): GitPorts {
  return openMirrors(deps, credentials, { folder: 'mirrors', volume });
}

/** Opens the mirrors of pull requests, forks included; a branch name there is the number of a pull request. */
export function openPullSource(deps: AppDeps, credentials: GitCredentials, volume: Volume): GitPorts {
  return openMirrors(deps, credentials, { folder: 'pull-mirrors', refspecs: pullRefspecs, volume });
}

function openMirrors(
  { config, clock, logger }: AppDeps,
  credentials: GitCredentials,
  { folder, ...how }: Pick<GitSourceOptions, 'folder' | 'refspecs' | 'volume'>,
): GitPorts {
  return buildGitSource({
    ...how,
    serverUrl: config.githubServerUrl,
    folder: join(config.dataDir, folder),
    token: async (slug, signal) => credentials.tokenFor(slug, 'read', signal),
    renewToken: (slug) => credentials.renew(slug),
    maxMirrorBytesTotal: 20 * 1024 * mebibyte,
    maxFetchBytes: 4 * config.packageSizeMaxMb * mebibyte,
    maxFiles: 200_000,
    timeoutMs: 5 * 60_000,
    clock,
    logger,
  });
}

/** The work with GitHub besides publishing. */
export interface GitHubWork {
  /** Returns the state of our credentials; undefined while it is unknown. */
  state(): ComponentState | undefined;
  readonly webhooks: WebhookDoor;
  /** Undefined when identity tokens are refused. */
  readonly identity: IdentityDoor | undefined;
  readonly registrar: Registrar;
  /** Compares registered repositories with GitHub; see syncStatus. */
  readonly syncStatus: (signal: AbortSignal) => Promise<readonly SyncFinding[]>;
  /** Requests webhooks again that never arrived; see sweepDeliveries. */
  readonly sweepDeliveries: (signal: AbortSignal) => Promise<readonly string[]>;
  stop(): Promise<void>;
}

export function startGitHubWork(
  deps: AppDeps,
  parts: Parts,
  accept: (payload: DispatchPayload) => Promise<AcceptResult>,
  requestCheck: RegistrationDeps['requestCheck'],
): GitHubWork {
  const { clock, config, logger, secrets } = deps;
  const { store } = parts;
  const check = buildCredentialCheck({
    clock,
    logger,
    credentials: parts.github.credentials,
    isConfigured: hasGitHubCredentials(deps),
  });
  const work = { ...gatherDeps(deps, parts, accept), requestCheck };
  const inbox = buildInboxWorker({ ...work, inbox: store.inbox, parkMs: config.parkHours * 3_600_000 });
  const following = buildRegistrationLoop(work);
  const catching = buildCatchUpLoop(work, config.catchUpMinutes);
  check.start();
  inbox.start();
  following.start();
  catching.start();
  return {
    state: () => check.state(),
    webhooks: {
      secrets: () => secrets.webhookSecrets(),
      receive: async (delivery) => {
        const received = await store.inbox.receive(delivery);
        inbox.wake();
        return received;
      },
    },
    identity: openIdentity(deps, parts),
    registrar: buildRegistrar(work),
    syncStatus: async (signal) => syncStatus(work, signal),
    sweepDeliveries: async (signal) =>
      sweepDeliveries({ clock, deliveries: parts.github.deliveries }, signal),
    stop: async () => {
      await Promise.all([check.stop(), inbox.stop(), following.stop(), catching.stop()]);
    },
  };
}

function openIdentity({ clock, config }: AppDeps, { store }: Parts): IdentityDoor | undefined {
  const { oidcAudience: audience, oidcIssuer: issuer } = config;
  if (audience === undefined) return undefined;
  const identities = buildWorkflowIdentities({ issuer, audience, clock, timeoutMs: 5_000 });
  return {
    identify: async (token) => identities.identify(token, AbortSignal.timeout(10_000)),
    admit: async (identity, payload) => admitWorkflow(store, identity, payload),
  };
}

function gatherDeps(
  { clock, config, logger }: AppDeps,
  parts: Parts,
  accept: (payload: DispatchPayload) => Promise<AcceptResult>,
): Omit<RegistrationDeps, 'requestCheck'> {
  const { directory, merger, repositoryWriter: writer } = parts.github;
  return {
    clock,
    logger,
    source: parts.source,
    looks: parts.looks,
    records: parts.store,
    settings: {
      owners: config.githubOwners,
      dispatchRepository: config.githubDispatchRepository,
      publisherUrl: config.publicUrl,
      audience: config.oidcAudience,
    },
    github: { writer, merger, directory },
    accept,
  };
}
