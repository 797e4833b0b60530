import { isIP } from 'node:net';

/** Parses a setting's text; returns undefined when it is not what the setting expects. */
export type Parse<T> = (text: string) => T | undefined;

export function parseText(text: string): string | undefined {
  return text === '' ? undefined : text;
}

export function parseWhole(min: number, max: number): Parse<number> {
  return (text) => {
    if (!/^\d{1,15}$/.test(text)) return undefined;
    const value = Number(text);
    return value >= min && value <= max ? value : undefined;
  };
}

/** Parses a number above 0; decimals are allowed. */
export function parsePositive(max: number): Parse<number> {
  return (text) => {
    if (!/^\d{1,15}(?:\.\d{1,9})?$/.test(text)) return undefined;
    const value = Number(text);
    return value > 0 && value <= max ? value : undefined;
  };
}

export function parseOneOf<const T extends string>(allowed: readonly T[]): Parse<T> {
  return (text) => allowed.find((word) => word === text);
}

/** Parses a list of at least one item; every item must match. */
export function parseList(pattern: RegExp): Parse<readonly string[]> {
  return (text) => {
    const items = splitList(text);
    return items.length > 0 && items.every((item) => pattern.test(item)) ? items : undefined;
  };
}

/** Splits at commas; items are trimmed, empty and repeated ones left out. */
export function splitList(text: string): readonly string[] {
  const items = text.split(',').map((item) => item.trim());
  return [...new Set(items.filter((item) => item !== ''))];
}

const proxyNames: readonly string[] = ['loopback', 'linklocal', 'uniquelocal'];

/**
 * Parses trusted proxies; `off` returns false. Never returns `true`: an address that anybody can claim would defeat the
 * rate limit.
 */
export function parseTrustProxy(text: string): false | readonly string[] | undefined {
  if (['off', 'false'].includes(text.toLowerCase())) return false;
  const items = splitList(text);
  const isRange = (item: string): boolean => proxyNames.includes(item) || isAddressRange(item);
  return items.length > 0 && items.every(isRange) ? items : undefined;
}

function isAddressRange(text: string): boolean {
  const [address = '', bits, rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest !== undefined) return false;
  return bits === undefined || parseWhole(0, family === 4 ? 32 : 128)(bits) !== undefined;
}

export interface UrlRules {
  readonly httpAllowed: (url: URL) => boolean;
  /**
   * Whether the URL ends in a slash: the registry's paths are resolved against it, the git host's are appended to it.
   */
  readonly trailingSlash: boolean;
}

export function parseBaseUrl(rules: UrlRules): Parse<string> {
  return (text) => {
    if (!URL.canParse(text) || /[\s?#]/.test(text)) return undefined;
    const url = new URL(text);
    const isPlain = url.protocol === 'http:' && rules.httpAllowed(url);
    if (url.protocol !== 'https:' && !isPlain) return undefined;
    if (url.username !== '' || url.password !== '') return undefined;
    const bare = `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
    return rules.trailingSlash ? `${bare}/` : bare;
  };
}

export function isLoopback(url: URL): boolean {
  const { hostname } = url;
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
