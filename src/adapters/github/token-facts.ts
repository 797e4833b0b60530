/** Facts about a personal token from the headers of GitHub's answers. */
export interface TokenFacts {
  /** Scopes of a classic token; undefined for other tokens, whose permissions cannot be queried. */
  readonly scopes: readonly string[] | undefined;
  /** Epoch milliseconds; undefined when the token does not expire, or GitHub does not say. */
  readonly expiresAt: number | undefined;
}

export interface TokenQuestion {
  /** GITHUB_API_URL, without a trailing slash. */
  readonly apiUrl: string;
  readonly token: string;
}

export const expiryHeader = 'github-authentication-token-expiration';

/** Parses `2026-12-01 10:00:00 UTC`, or for some tokens `2026-12-01 10:00:00 -0700`, to epoch milliseconds. */
export function parseExpiry(text: unknown): number | undefined {
  const pattern = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) (?:UTC|([+-]\d\d)(\d\d))$/;
  const [, day, time, hours, minutes] = pattern.exec(typeof text === 'string' ? text : '') ?? [];
  if (day === undefined || time === undefined) return undefined;
  const expiresAt = Date.parse(`${day}T${time}${hours === undefined ? 'Z' : `${hours}:${minutes}`}`);
  return Number.isNaN(expiresAt) ? undefined : expiresAt;
}

/** Asks once, and never sends the token to another host. Undefined when the facts cannot be obtained. Never throws. */
export async function findTokenFacts(
  { apiUrl, token }: TokenQuestion,
  signal: AbortSignal,
): Promise<TokenFacts | undefined> {
  try {
    const headers = { authorization: `token ${token}`, 'user-agent': 'upm-auto-publisher' };
    const answer = await fetch(`${apiUrl}/rate_limit`, { headers, redirect: 'error', signal });
    await answer.body?.cancel();
    if (!answer.ok) return undefined;
    const scopes = answer.headers.get('x-oauth-scopes');
    return {
      scopes: scopes === null ? undefined : scopes.split(',').map((scope) => scope.trim()),
      expiresAt: parseExpiry(answer.headers.get(expiryHeader)),
    };
  } catch {
    return undefined;
  }
}
