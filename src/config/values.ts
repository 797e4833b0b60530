import { isIP } from 'node:net';
import { z } from 'zod';

/** Reads the text of one environment variable; its description completes "expected …". */
export type ValueSchema = z.ZodType<unknown, string>;

/** Builds a schema from a function that returns undefined for text it does not accept. */
export function parsedBy<T>(parse: (text: string) => T | undefined) {
  return z.string().transform((text, context): T => {
    const value = parse(text);
    if (value !== undefined) return value;
    context.addIssue('not accepted');
    return z.NEVER;
  });
}

export function wholeNumber(min: number, max: number) {
  const digits = z.string().regex(/^\d{1,15}$/);
  return digits
    .transform(Number)
    .pipe(z.number().min(min).max(max))
    .describe(`a whole number from ${min} to ${max}`);
}

/** A number above 0; decimals are allowed. */
export function positiveNumber(max: number) {
  const decimal = z.string().regex(/^\d{1,15}(?:\.\d{1,9})?$/);
  return decimal
    .transform(Number)
    .pipe(z.number().positive().max(max))
    .describe(`a number above 0, at most ${max}`);
}

/** A list of at least one item; every item must match. */
export function listOf(pattern: RegExp) {
  return z
    .string()
    .transform(splitList)
    .pipe(z.array(z.string().regex(pattern)).min(1));
}

/** Splits at commas; items are trimmed, empty and repeated ones left out. */
export function splitList(text: string): string[] {
  const items = text.split(',').map((item) => item.trim());
  return [...new Set(items.filter((item) => item !== ''))];
}

const hostPattern =
  /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?(?::\d{1,5})?|\[?[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*\]?)$/;

/** Host names or addresses, with or without a port. */
export const hostList = listOf(hostPattern);

const proxyNames: readonly string[] = ['loopback', 'linklocal', 'uniquelocal'];

/**
 * Trusted proxies; `off` becomes false. Never becomes `true`: an address that anybody can claim would defeat the rate
 * limit.
 */
export const trustedProxies = parsedBy<false | readonly string[]>((text) => {
  if (['off', 'false'].includes(text.toLowerCase())) return false;
  const items = splitList(text);
  const isRange = (item: string): boolean => proxyNames.includes(item) || isAddressRange(item);
  return items.length > 0 && items.every(isRange) ? items : undefined;
}).describe('`off`, or a comma list of addresses or ranges (10.0.0.0/8, loopback)');

function isAddressRange(text: string): boolean {
  const [address = '', bits, rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest !== undefined) return false;
  return bits === undefined || wholeNumber(0, family === 4 ? 32 : 128).safeParse(bits).success;
}

/** An http(s) URL without query and credentials; loses its trailing slash. */
export function baseUrl(isHttpAllowed: (url: URL) => boolean) {
  return parsedBy((text) => {
    if (!URL.canParse(text) || /[\s?#]/.test(text)) return undefined;
    const url = new URL(text);
    if (!isSafe(url, isHttpAllowed)) return undefined;
    return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
  });
}

/** The base of a service that we call; without a trailing slash. */
export const serviceUrl = baseUrl(isLoopback).describe(
  'an https URL (http on loopback only) without query or credentials',
);

/** Returns true for a URL that can be called unchanged: a query is allowed, as services want their key there. */
export function isHeartbeatUrl(text: string): boolean {
  return URL.canParse(text) && !/[\s#]/.test(text) && isSafe(new URL(text), isLoopback);
}

function isSafe(url: URL, isHttpAllowed: (url: URL) => boolean): boolean {
  const isPlain = url.protocol === 'http:' && isHttpAllowed(url);
  return (isPlain || url.protocol === 'https:') && url.username === '' && url.password === '';
}

export function isLoopback(url: URL): boolean {
  const { hostname } = url;
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
