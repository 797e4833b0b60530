import { Outage } from '../../domain/failure.ts';
import type { Packument } from '../../domain/packument.ts';
import type { Logger } from '../../ports/logger.ts';
import type { CachedPackument, PackumentCache } from '../../ports/packument-cache.ts';
import type { Registry } from '../../ports/registry.ts';
import type { HttpAnswer, HttpClient } from './http-client.ts';
import { parseJson, parsePackument } from './parse-packument.ts';

const rememberedNames = 500;

export type PackumentReader = Pick<Registry, 'findPackument' | 'findChange'>;

/** Asks the registry each time; what it says has not changed comes from memory or from the cache. */
export function buildPackumentReader(
  client: HttpClient,
  url: string,
  cache: PackumentCache,
  logger: Logger,
): PackumentReader {
  const remembered = new Map<string, CachedPackument>();
  const remember = (name: string, known: CachedPackument): void => {
    remembered.delete(name);
    remembered.set(name, known);
    const [oldest] = remembered.keys();
    if (remembered.size > rememberedNames && oldest !== undefined) remembered.delete(oldest);
  };
  const findChange: PackumentReader['findChange'] = async (name, etag, signal) => {
    const headers = etag === undefined ? {} : { 'if-none-match': etag };
    const answer = await client.call({ method: 'GET', path: encodeURIComponent(name), headers }, signal);
    if (answer.status === 304 && etag !== undefined) return 'unchanged';
    const packument = readPackument(name, answer, url);
    if (packument !== undefined && answer.etag !== undefined) {
      remember(name, { etag: answer.etag, packument });
      // Only speed is lost without it.
      await cache.save(name, answer.etag, packument).catch((error: unknown) => {
        logger.warn('a packument could not be cached', { package: name, error });
      });
    }
    return packument;
  };
  return {
    findChange,
    findPackument: async (name, signal) => {
      const known = remembered.get(name) ?? (await cache.find(name));
      const change = await findChange(name, known?.etag, signal);
      if (change !== 'unchanged') return change;
      if (known !== undefined) remember(name, known);
      return known?.packument;
    },
  };
}

function readPackument(name: string, answer: HttpAnswer, url: string): Packument | undefined {
  if (answer.status === 404 && saysUnknown(answer)) return undefined;
  const packument = answer.status === 200 ? parsePackument(name, answer.body, url) : undefined;
  if (packument !== undefined) return packument;
  const detail =
    answer.status === 200
      ? 'answered with something that is not a packument'
      : `HTTP ${answer.status} for a packument`;
  throw new Outage('registry', 'down', detail);
}

/** A registry's 404; the page of a proxy in front of it says nothing about the name. */
function saysUnknown(answer: HttpAnswer): boolean {
  const text = answer.body.trim();
  if (text === '' || parseJson(text) !== undefined) return true;
  const isPlain = answer.contentType === '' || answer.contentType.startsWith('text/plain');
  return isPlain && !text.startsWith('<');
}
