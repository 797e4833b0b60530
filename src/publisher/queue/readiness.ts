import type { Neighbour } from '../../domain/failure/failure.ts';
import type { CredentialName } from '../../domain/repository/credential.ts';
import type { Clock } from '../../ports/clock.ts';
import type { JobKeeper } from '../../ports/jobs.ts';
import type { BotMemory, CredentialMemory } from '../../ports/memory.ts';
import { wordDiskTrouble } from '../pacing/disk-outage.ts';
import type { Outages } from './outages/outages.ts';

export type ComponentName = 'store' | 'queue' | 'registry' | 'github' | 'discord' | 'gemini';

export interface ComponentState {
  readonly state: 'ok' | 'degraded' | 'down';
  /** ISO time of the last change, null while unknown. */
  readonly since: string | null;
  readonly why: string | null;
}

export type Readiness = Readonly<Record<ComponentName, ComponentState>>;

export interface ReadinessDeps {
  readonly clock: Clock;
  readonly keeper: Pick<JobKeeper, 'countDepth'>;
  /** Written to, which proves that the database accepts writes. */
  readonly memory: Pick<BotMemory, 'remember'>;
  readonly outages: Pick<Outages, 'list'>;
  /** State of our credentials for the git host; undefined while nothing is known of them. */
  readonly github?: () => ComponentState | undefined;
  /** State of Discord; undefined when Discord is not configured. */
  readonly discord: (() => ComponentState) | undefined;
  readonly isGeminiConfigured: boolean;
  /** Results of the daily check of our credentials. */
  readonly credentials: Pick<CredentialMemory, 'list'>;
}

const longQueue = 500;
/** How long a write proves that the database can be written: frequent requests must not keep the disk busy. */
const provenMs = 5_000;

/** Reports which components work right now, from what is already known; asks no neighbour. */
export function buildReadiness(deps: ReadinessDeps): () => Promise<Readiness> {
  const startedAt = new Date(deps.clock.now()).toISOString();
  const ok: ComponentState = { state: 'ok', since: startedAt, why: null };
  const headless: ComponentState = {
    state: 'degraded',
    since: startedAt,
    why: 'not configured: announcements go to the log',
  };
  // A missing model is no trouble: rules word the changelogs.
  const withoutModel: ComponentState = {
    ...ok,
    why: 'not configured: changelogs are worded without a model',
  };
  const findUnwritable = buildWriteProof(deps);
  let storeDownSince: string | undefined;

  function describeStore(why: string | undefined): ComponentState {
    storeDownSince =
      why === undefined ? undefined : (storeDownSince ?? new Date(deps.clock.now()).toISOString());
    if (why !== undefined) return { state: 'down', since: storeDownSince ?? null, why };
    const disk = neighbour('disk');
    // What is accepted is stored and waits, so the store is only degraded.
    return disk.state === 'ok'
      ? ok
      : { ...disk, state: 'degraded', why: `jobs wait for the disk: ${disk.why}` };
  }

  function neighbour(name: Neighbour): ComponentState {
    const outage = deps.outages.list().find((known) => known.neighbour === name);
    if (outage === undefined) return ok;
    return { state: 'down', since: new Date(outage.since).toISOString(), why: outage.detail };
  }

  /** An outage that jobs met says more than a probe of the credentials. */
  function describeGitHub(): ComponentState {
    const met = neighbour('git-host');
    return met.state === 'ok' ? (deps.github?.() ?? ok) : met;
  }

  return async () => {
    const depth = await deps.keeper.countDepth().catch(() => undefined);
    const store = describeStore(depth === undefined ? 'the database cannot be read' : await findUnwritable());
    const queue: ComponentState =
      depth !== undefined && depth.queued - depth.parked > longQueue
        ? { state: 'degraded', since: null, why: `${depth.queued} jobs wait` }
        : ok;
    return {
      store,
      queue: depth === undefined ? store : queue,
      registry: await orRefused(deps, 'registry', neighbour('registry')),
      github: describeGitHub(),
      discord: deps.discord?.() ?? headless,
      gemini: deps.isGeminiConfigured ? await orRefused(deps, 'gemini', ok) : withoutModel,
    };
  };
}

/** Returns why the database cannot be written, undefined when it can; tries it every few seconds at most. */
function buildWriteProof({ clock, memory }: ReadinessDeps): () => Promise<string | undefined> {
  let provenAt: number | undefined;
  let why: string | undefined;
  return async () => {
    const now = clock.now();
    if (provenAt !== undefined && now >= provenAt && now - provenAt < provenMs) return why;
    provenAt = now;
    why = await memory.remember('readiness', String(now)).then(
      () => undefined,
      (error: unknown) => `the database cannot be written: ${wordDiskTrouble(error) ?? 'the log says why'}`,
    );
    return why;
  };
}

/** Returns `degraded` for a component that works as far as is known, but refused our credential at the last check. */
async function orRefused(
  { credentials }: ReadinessDeps,
  name: CredentialName,
  known: ComponentState,
): Promise<ComponentState> {
  if (known.state !== 'ok') return known;
  const found = (await credentials.list().catch(() => [])).find((item) => item.name === name);
  if (found?.refusedSince === undefined) return known;
  const since = new Date(found.refusedSince).toISOString();
  return { state: 'degraded', since, why: 'refused our credential at the last check (credential-check)' };
}
