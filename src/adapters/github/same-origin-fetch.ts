import { takeApiAnswer } from './answers.ts';

/** A redirect would have sent our credentials to another origin. */
export class RedirectedAway extends Error {
  constructor() {
    super('redirected to another host');
    this.name = 'RedirectedAway';
  }
}

const redirects: readonly number[] = [301, 302, 307, 308];
const maxHops = 3;

/**
 * Builds a fetch that follows redirects (of renamed repositories) on the origin of `apiUrl` only, with the same method
 * and body. The whole answer must arrive within `timeoutMs`. Rejects with RedirectedAway for any other origin, since
 * the token would be sent there, and with UnusableAnswer.
 */
export function buildSameOriginFetch(apiUrl: string, timeoutMs: number): typeof fetch {
  const { origin } = new URL(apiUrl);
  return async (input, init) => {
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = init?.signal == null ? timeout : AbortSignal.any([init.signal, timeout]);
    let url = new URL(input instanceof Request ? input.url : input);
    for (let hops = 0; ; hops++) {
      if (url.origin !== origin || hops > maxHops) throw new RedirectedAway();
      const response = await fetch(url, { ...init, signal, redirect: 'manual' });
      const location = response.headers.get('location');
      if (!redirects.includes(response.status) || location === null) return takeApiAnswer(response);
      await response.body?.cancel();
      url = new URL(location, url);
    }
  };
}
