import { NameRefusal } from '../../domain/failure/name-trouble.ts';
import type { Packument } from '../../domain/package/packument.ts';
import type { PackumentCache } from '../../ports/catalog.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Registry } from '../../ports/registry.ts';
import type { AskByName } from './ask-by-name.ts';
import type { HttpAnswer, HttpClient } from './http-client.ts';
import { parsePackument, saysUnknown } from './parse-packument.ts';
import { unreadable } from './registry-trouble.ts';

const rememberedNames = 500;

/** For this long after a version was seen, an answer without it is taken to be outdated. */
const staleMs = 10_000;
/**
 * Pauses between the requests after an outdated answer: the first request bypasses caches, a replica needs more time.
 */
const pausesMs = [0, 250, 500, 1_000, 2_000, 3_000, 4_000];

export type PackumentReader = Pick<Registry, 'findPackument' | 'findChange'>;

interface Shown {
  readonly packument: Packument | undefined;
  readonly etag: string | undefined;
  /** Monotonic time in milliseconds. */
  readonly at: number;
}

interface ReaderDeps {
  readonly client: HttpClient;
  readonly url: string;
  readonly askByName: AskByName;
  readonly packuments: PackumentCache;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Asks the registry each time; an unchanged document comes from memory or from the cache. An answer that lacks a
 * version seen a moment ago is believed only if it stays the same when asked again, bypassing caches.
 */
export function buildPackumentReader(deps: ReaderDeps): PackumentReader {
  const startedAt = deps.clock.monotonic();
  const remembered = buildMemory<Shown>(rememberedNames);
  const read = async (name: string, known: Shown | undefined, signal: AbortSignal): Promise<Found> => {
    const found = await ask(deps, name, known?.etag, signal);
    if (found !== 'unchanged' && known !== undefined && lacksShown(found.packument, known.packument)) {
      return lookAgain(deps, name, known, found, signal);
    }
    return found;
  };
  const keep = async (name: string, { etag, packument }: Answer): Promise<void> => {
    remembered.set(name, { etag, packument, at: deps.clock.monotonic() });
    if (packument === undefined || etag === undefined) return;
    // Without the cached packument only speed is lost.
    await deps.packuments.save(name, etag, packument).catch((error: unknown) => {
      deps.logger.warn('a packument could not be cached', { package: name, error });
    });
  };
  return {
    findChange: async (name, etag, signal) => {
      const known = remembered.get(name);
      const found = await read(name, { packument: undefined, at: startedAt, ...known, etag }, signal);
      if (found === 'unchanged') return found;
      await keep(name, found);
      return found.packument;
    },
    findPackument: async (name, signal) => {
      const known = remembered.get(name) ?? (await findCached(deps.packuments, name, startedAt));
      const found = await read(name, known, signal);
      if (found !== 'unchanged') await keep(name, found);
      else if (known !== undefined) remembered.set(name, { ...known, at: deps.clock.monotonic() });
      return found === 'unchanged' ? known?.packument : found.packument;
    },
  };
}

interface Answer {
  readonly etag: string | undefined;
  readonly packument: Packument | undefined;
}

type Found = Answer | 'unchanged';

/** The cache does not record when the packument was seen; it was before this process started, at the latest. */
async function findCached(cache: PackumentCache, name: string, at: number): Promise<Shown | undefined> {
  const cached = await cache.find(name);
  return cached === undefined ? undefined : { ...cached, at };
}

async function ask(
  { askByName, client, url }: ReaderDeps,
  name: string,
  etag: string | undefined,
  signal: AbortSignal,
): Promise<Found> {
  const headers = etag === undefined ? {} : { 'if-none-match': etag };
  return askByName(name, signal, async () => {
    const answer = await client.call({ method: 'GET', path: encodeURIComponent(name), headers }, signal);
    if (answer.status === 304 && etag !== undefined) return 'unchanged';
    return { etag: answer.etag, packument: readPackument(name, answer, url) };
  });
}

/** Asks as npm does before it writes; undefined when the registry does not understand the request. Throws Outage. */
async function askPastCaches(
  { askByName, client, url }: ReaderDeps,
  name: string,
  signal: AbortSignal,
): Promise<Answer | undefined> {
  const path = `${encodeURIComponent(name)}?write=true`;
  const headers = { 'cache-control': 'no-cache' };
  try {
    return await askByName(name, signal, async () => {
      const answer = await client.call({ method: 'GET', path, headers }, signal);
      return { etag: answer.etag, packument: readPackument(name, answer, url) };
    });
  } catch (error) {
    if (error instanceof NameRefusal) return undefined;
    throw error;
  }
}

function lacksShown(packument: Packument | undefined, shown: Packument | undefined): boolean {
  return [...(shown?.versions.keys() ?? [])].some((version) => packument?.versions.has(version) !== true);
}

/**
 * Asks again until all versions seen before are there, or they were seen too long ago; then the normal answer counts.
 */
async function lookAgain(
  deps: ReaderDeps,
  name: string,
  known: Shown,
  first: Answer,
  signal: AbortSignal,
): Promise<Answer> {
  const { clock } = deps;
  const isBehind = (answer: Answer): boolean => lacksShown(answer.packument, known.packument);
  let plain = first;
  for (const pauseMs of pausesMs) {
    const leftMs = known.at + staleMs - clock.monotonic();
    if (leftMs <= 0) break;
    if (pauseMs > 0) {
      await clock.sleep(Math.min(pauseMs, leftMs), signal);
      const found = await ask(deps, name, undefined, signal);
      if (found !== 'unchanged') plain = found;
      if (!isBehind(plain)) break;
    }
    const fresh = await askPastCaches(deps, name, signal);
    if (fresh !== undefined && !isBehind(fresh)) return fresh;
  }
  return plain;
}

/** A map of limited size that drops the entry that was set the longest ago. */
function buildMemory<T>(max: number): Pick<Map<string, T>, 'get'> & { set(key: string, value: T): void } {
  const kept = new Map<string, T>();
  return {
    get: (key) => kept.get(key),
    set: (key, value) => {
      kept.delete(key);
      kept.set(key, value);
      const [oldest] = kept.keys();
      if (kept.size > max && oldest !== undefined) kept.delete(oldest);
    },
  };
}

function readPackument(name: string, answer: HttpAnswer, url: string): Packument | undefined {
  if (answer.status === 404 && saysUnknown(answer)) return undefined;
  const packument = answer.status === 200 ? parsePackument(name, answer.body, url) : undefined;
  if (packument !== undefined) return packument;
  throw unreadable(
    answer.status === 200 ? 'it is not a document of this name' : `HTTP ${answer.status} for a document`,
  );
}
