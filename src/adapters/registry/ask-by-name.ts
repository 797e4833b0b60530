import { decideTrouble, NameRefusal } from '../../domain/failure/name-trouble.ts';
import type { HttpClient } from './http-client.ts';
import { probe } from './probe.ts';
import { RegistryTrouble } from './registry-trouble.ts';

/**
 * Asks the registry about one name and attributes a failure: to the registry (Outage) when its probe fails or it fails
 * for other names too, else to the name (NameRefusal), when the failure repeats after a good probe.
 */
export type AskByName = <T>(name: string, signal: AbortSignal, ask: () => Promise<T>) => Promise<T>;

/** The name that is asked when no name has been answered yet; any answer about it counts. */
const nobodysName = 'com.upm-auto-publisher.nobodys';
const rememberedNames = 16;

export function buildAskByName(client: HttpClient): AskByName {
  /** Names that the registry answered for, the most recent last. */
  const answered = new Set<string>();
  const remember = (name: string): void => {
    answered.delete(name);
    answered.add(name);
    const [oldest] = answered;
    if (answered.size > rememberedNames && oldest !== undefined) answered.delete(oldest);
  };
  const attempt = async <T>(name: string, ask: () => Promise<T>): Promise<Attempt<T>> => {
    try {
      const value = await ask();
      remember(name);
      return { kind: 'answered', value };
    } catch (error) {
      if (!(error instanceof RegistryTrouble)) throw error;
      return { kind: 'troubled', error };
    }
  };
  return async (name, signal, ask) => {
    const first = await attempt(name, ask);
    if (first.kind === 'answered') return first.value;
    await probe(client, signal);
    // A registry that asked for a pause is not asked again at once.
    const isPaused = (first.error.retryAfterMs ?? 0) > 0;
    const again = isPaused ? first : await attempt(name, ask);
    if (again.kind === 'answered') return again.value;
    const { trouble } = again.error;
    const other = [...answered].findLast((known) => known !== name) ?? nobodysName;
    const answersOthers = trouble.kind !== 'unavailable' || (await answersFor(client, other, signal));
    if (decideTrouble({ again: trouble, answersOthers }) === 'registry') throw again.error;
    throw new NameRefusal(name, trouble, { cause: again.error });
  };
}

type Attempt<T> =
  | { readonly kind: 'answered'; readonly value: T }
  | { readonly kind: 'troubled'; readonly error: RegistryTrouble };

/** True for any answer, even a refusal; the body is not read. */
async function answersFor(client: HttpClient, name: string, signal: AbortSignal): Promise<boolean> {
  try {
    const { body } = await client.open({ method: 'GET', path: encodeURIComponent(name) }, signal);
    body.destroy();
    return true;
  } catch (error) {
    if (!(error instanceof RegistryTrouble)) throw error;
    return error.trouble.kind !== 'unavailable';
  }
}
