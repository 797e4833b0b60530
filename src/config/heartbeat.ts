import { getSetting } from './settings.ts';
import { isLoopback } from './values.ts';

/**
 * Returns true for a URL that can be called unchanged: https, or http on loopback; a query is allowed, credentials are
 * not.
 */
export function isHeartbeatUrl(text: string): boolean {
  if (!URL.canParse(text) || /[\s#]/.test(text)) return false;
  const url = new URL(text);
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url));
  return isSafe && url.username === '' && url.password === '';
}

/** Returns the problems of the URL without repeating it, since it may hold a key. */
export function findHeartbeatProblems(url: string | undefined): readonly string[] {
  if (url === undefined || isHeartbeatUrl(url)) return [];
  return [`HEARTBEAT_URL: cannot be called; expected ${getSetting('HEARTBEAT_URL').expects}`];
}
