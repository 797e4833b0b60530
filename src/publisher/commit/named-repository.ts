import hostedGitInfo from 'hosted-git-info';
import { parseSlug, type Slug } from '../../domain/repository/repository.ts';

/** The repository that a registry's document names. */
export type NamedRepository =
  /** On GitHub, or on the server that repositories are fetched from. */
  | { readonly kind: 'here'; readonly slug: Slug }
  /** `owner` as far as the address shows one; `slug` on an unknown host, which may be another name of ours. */
  | { readonly kind: 'elsewhere'; readonly owner: string | undefined; readonly slug: Slug | undefined }
  | { readonly kind: 'unreadable' };

const longest = 1_000;
const github = ['github.com', 'www.github.com', 'ssh.github.com'];

/**
 * Reads every form that npm documents for `repository` (a short form, an address, what `git clone` takes), for the
 * hosts that npm knows and for any other. An unreadable text is an answer too: it names some repository.
 */
export function readNamedRepository(written: string, gitServerUrl: string): NamedRepository {
  if (written.length > longest) return { kind: 'unreadable' };
  const text = tidy(written);
  const hosted = hostedGitInfo.fromUrl(text);
  if (hosted === undefined) return readAddress(text, gitServerUrl);
  const { type, user, project } = hosted;
  if (type === 'github') return onOurHost(`${user ?? ''}/${project}`);
  return { kind: 'elsewhere', owner: user?.split('/')[0], slug: undefined };
}

/** Reads an address on a host that npm does not know, or the address of a page on a host that it knows. */
function readAddress(text: string, gitServerUrl: string): NamedRepository {
  const url = hostedGitInfo.parseUrl(text);
  if (url === undefined || url.hostname === '' || !/^[^/]+@|:\/\//.test(text)) return { kind: 'unreadable' };
  const [owner = '', name = ''] = url.pathname.split('/').filter((part) => part !== '');
  const path = `${owner}/${name.replace(/\.git$/i, '')}`;
  const ours = [...github, new URL(gitServerUrl).hostname];
  if (ours.includes(url.hostname.toLowerCase())) return onOurHost(path);
  return { kind: 'elsewhere', owner: owner === '' ? undefined : owner, slug: parseSlug(path) };
}

function onOurHost(path: string): NamedRepository {
  const slug = parseSlug(path);
  return slug === undefined ? { kind: 'unreadable' } : { kind: 'here', slug };
}

/**
 * Brings the forms of one repository into one: removes what follows the address, and adds the scheme that people
 * leave out.
 */
function tidy(written: string): string {
  const text = written
    .trim()
    .replace(/#[\s\S]*$/, '')
    .replace(/(?<!\/)\/+$/, '')
    .replace(/\.git$/i, '');
  // A short form or a scheme has no dot; a host has one.
  if (/^[a-z][a-z+-]*:/i.test(text)) return text.replace(/^[^:]+/, (scheme) => scheme.toLowerCase());
  const [, host, path] = /^([a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d{1,5}(?=\/))?)[:/]([^/].*)$/i.exec(text) ?? [];
  return host === undefined ? text : `https://${host}/${path}`;
}
