import type { PublishedVersion } from '../../domain/package/packument.ts';

/**
 * Lists where the tarball of a version may be, in the order to ask: first the registry's own origin, since the document
 * may name the registry's public address, which may be unreachable from here; then the named address.
 */
export function listAddresses(
  name: string,
  { version, tarball }: PublishedVersion,
  url: string,
): readonly URL[] {
  const registry = new URL(url);
  const own = (file: string): URL =>
    new URL(`${encodeURIComponent(name)}/-/${encodeURIComponent(file)}`, url);
  const usual = own(`${name}-${version}.tgz`);
  if (tarball === undefined || !URL.canParse(tarball)) return [usual];
  const named = new URL(tarball);
  // npm writes http whatever protocol the registry has, so only the host is compared.
  if (named.host === registry.host) return [new URL(`${named.pathname}${named.search}`, registry.origin)];
  const file = /\/-\/([^/]+)$/.exec(named.pathname)?.[1];
  return [file === undefined ? usual : own(decode(file)), named];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Allows https, and http for the registry's own origin or if both are on loopback. Never allows an address with a user
 * name or password.
 */
export function mayAsk(url: URL, registryUrl: string): boolean {
  const registry = new URL(registryUrl);
  if (url.username !== '' || url.password !== '') return false;
  if (url.protocol === 'https:' || url.origin === registry.origin) return true;
  return url.protocol === 'http:' && isLoopback(url) && isLoopback(registry);
}

function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
