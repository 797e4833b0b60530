import semver from 'semver';
import { readHashes } from '../../domain/package/integrity.ts';
import type { Packument, PublishedVersion } from '../../domain/package/packument.ts';
import { highestOf } from '../../domain/package/version.ts';

const shownMax = 200;

type Json = Readonly<Record<string, unknown>>;

/**
 * Undefined when the text is not the document of this name on the registry at `url`. Unreadable versions are left out.
 */
export function parsePackument(name: string, text: string, url: string): Packument | undefined {
  const document = parseJson(text);
  if (document === undefined || document['name'] !== name) return undefined;
  const written = versionsOf(document);
  if (written === undefined) return undefined;
  const versions = new Map<string, PublishedVersion>();
  for (const [version, manifest] of Object.entries(written)) {
    if (semver.parse(version) === null || !isObject(manifest)) continue;
    versions.set(version, versionOf(name, version, manifest, url));
  }
  const highest = highestOf(versions.keys());
  const newest = highest === undefined ? undefined : written[highest];
  return {
    name,
    versions,
    distTags: distTagsOf(document['dist-tags']),
    repositoryUrl: repositoryOf(newest) ?? repositoryOf(document),
  };
}

/**
 * True when a 404 comes from the registry itself; the web page of a proxy in front of it says nothing about the name.
 */
export function saysUnknown(answer: { readonly body: string; readonly contentType: string }): boolean {
  const text = answer.body.trim();
  if (text === '' || parseJson(text) !== undefined) return true;
  const isPlain = answer.contentType === '' || answer.contentType.startsWith('text/plain');
  return isPlain && !text.startsWith('<');
}

/** Returns a JSON object; undefined for anything else. */
export function parseJson(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function versionsOf(document: Json): Json | undefined {
  if (isObject(document['versions'])) return document['versions'];
  // A name whose versions were all unpublished keeps only its history.
  const time = document['time'];
  const isUnpublished = document['versions'] === undefined && isObject(time) && isObject(time['unpublished']);
  return isUnpublished ? {} : undefined;
}

/** Longer tarball addresses are ignored. */
const longestAddress = 4096;

function versionOf(name: string, version: string, manifest: Json, url: string): PublishedVersion {
  const dist = isObject(manifest['dist']) ? manifest['dist'] : {};
  const integrity = readHashes(dist['integrity'], dist['shasum']);
  const address = dist['tarball'];
  const isUsual = address === `${url}${name}/-/${name}-${version}.tgz`;
  if (typeof address !== 'string' || address.length > longestAddress || isUsual)
    return { version, integrity };
  return { version, integrity, tarball: address };
}

function distTagsOf(written: unknown): Readonly<Record<string, string>> {
  // The object has no prototype, because a tag may have any name.
  const tags = Object.create(null) as Record<string, string>;
  if (!isObject(written)) return tags;
  for (const [tag, version] of Object.entries(written)) if (typeof version === 'string') tags[tag] = version;
  return tags;
}

/**
 * Returns the repository as written. A value that is not an address is returned as JSON, so that the package does not
 * count as having no repository.
 */
function repositoryOf(manifest: unknown): string | undefined {
  const written = isObject(manifest) ? manifest['repository'] : undefined;
  const named = isObject(written) ? (written['url'] ?? written) : written;
  if (typeof named === 'string') return named.trim() === '' ? undefined : named;
  const says = isObject(named) ? Object.keys(named).some((key) => key !== 'type' && key !== 'url') : true;
  return named === undefined || named === null || !says
    ? undefined
    : JSON.stringify(named).slice(0, shownMax);
}
