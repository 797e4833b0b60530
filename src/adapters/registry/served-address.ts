import type { PublishedVersion } from '../../domain/package/packument.ts';

/**
 * Where the tarball of a version may be, in the order to ask: at our own origin first, since the address in the document
 * may be the public one of the same registry, which need not be reached from here; then at that address.
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
  // npm writes http whatever the registry's protocol is; the host counts.
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

/** https, or http where the registry itself is asked so: at its own origin, and on loopback. Never with a user in it. */
export function mayAsk(url: URL, registryUrl: string): boolean {
  const registry = new URL(registryUrl);
  if (url.username !== '' || url.password !== '') return false;
  if (url.protocol === 'https:' || url.origin === registry.origin) return true;
  return url.protocol === 'http:' && isLoopback(url) && isLoopback(registry);
}

function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
