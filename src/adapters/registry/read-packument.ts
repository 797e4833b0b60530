import type { Packument } from '../../domain/package/packument.ts';
import type { CachedPackument, PackumentCache } from '../../ports/catalog.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Registry } from '../../ports/registry.ts';
import type { AskByName } from './ask-by-name.ts';
import type { HttpAnswer, HttpClient } from './http-client.ts';
import { parsePackument, saysUnknown } from './parse-packument.ts';
import { unreadable } from './registry-trouble.ts';

const rememberedNames = 500;

export type PackumentReader = Pick<Registry, 'findPackument' | 'findChange'>;

/** Asks the registry each time; what it says has not changed comes from memory or from the cache. */
export function buildPackumentReader(
  client: HttpClient,
  url: string,
  askByName: AskByName,
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
    const found = await askByName(name, signal, async () => {
      const answer = await client.call({ method: 'GET', path: encodeURIComponent(name), headers }, signal);
      if (answer.status === 304 && etag !== undefined) return 'unchanged';
      return { etag: answer.etag, packument: readPackument(name, answer, url) };
    });
    if (found === 'unchanged') return found;
    const { packument } = found;
    if (packument !== undefined && found.etag !== undefined) {
      remember(name, { etag: found.etag, packument });
      // Only speed is lost without it.
      await cache.save(name, found.etag, packument).catch((error: unknown) => {
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
  throw unreadable(
    answer.status === 200 ? 'it is not a document of this name' : `HTTP ${answer.status} for a document`,
  );
}
