import { isObject } from '../../../domain/text/json-object.ts';
import { findDuplicateKeys } from '../contents/duplicate-keys.ts';
import type { Observation, PackageRule, PackedPackage } from './rule.ts';

const file = 'package.json';

export const duplicateKeys: PackageRule = {
  id: 'manifest.json-valid',
  severity: 'warn',
  finds:
    'a key that is written twice in `package.json`, or a byte order mark before it (what is no JSON at all never gets this far)',
  why: 'Each reader takes another of the two, and most readers take no mark at all',
  unityCheck: 'PVP-100-2',
  check: ({ manifestText, written }) => {
    if (Object.keys(written).length === 0) return [];
    const twice = findDuplicateKeys(manifestText).map(({ key, line }) => ({
      file,
      line,
      subject: key,
      message: `package.json has "${key}" a second time in line ${line}; keep one of them`,
    }));
    if (!manifestText.startsWith('\uFEFF')) return twice;
    const message = 'package.json starts with a byte order mark; save it as UTF-8 without one';
    return [{ file, subject: 'byte-order-mark', message }, ...twice];
  },
};

export const foreignRegistry: PackageRule = {
  id: 'manifest.registry',
  severity: 'warn',
  finds: 'a `publishConfig.registry` that is not ours',
  why: 'It is never followed; whoever publishes by hand would send the package elsewhere',
  check: ({ written, registryUrl }) => {
    const { publishConfig } = written;
    const registry = isObject(publishConfig) ? publishConfig['registry'] : undefined;
    if (registry === undefined || (typeof registry === 'string' && isSameAddress(registry, registryUrl)))
      return [];
    return [
      { file, message: '"publishConfig.registry" names another registry; it was not followed; remove it' },
    ];
  },
};

function isSameAddress(a: string, b: string): boolean {
  const withSlash = (url: string): string => (url.endsWith('/') ? url : `${url}/`);
  return URL.canParse(a) && new URL(withSlash(a)).href === new URL(withSlash(b)).href;
}

export const registryKeys: PackageRule = {
  id: 'manifest.dist-key',
  severity: 'block',
  finds: '`dist`, `_id` or `_resolved` in `package.json`',
  why: 'A registry writes these; in a source they come from a copied package and tell of another version',
  unityCheck: 'PVP-110-1',
  check: ({ written }) =>
    ['dist', '_id', '_resolved']
      .filter((key) => Object.hasOwn(written, key))
      .map((key) => ({
        file,
        subject: key,
        message: `package.json has "${key}", which registries write; remove it`,
      })),
};

const lifecycle =
  /^(?:(?:pre|post)?(?:install|publish|pack|prepare|version)|prepublishOnly|(?:pre|post)?uninstall|dependencies)$/;

export const scripts: PackageRule = {
  id: 'scripts.present',
  severity: 'warn',
  finds: 'scripts that npm would run by itself when it packs, publishes or installs',
  why: 'They are never run here: what they would have made is missing',
  check: ({ written }) => {
    const found = isObject(written['scripts']) ? Object.keys(written['scripts']) : [];
    const names = found.filter((name) => lifecycle.test(name));
    if (names.length === 0) return [];
    const message = `the script${names.length > 1 ? 's' : ''} ${names.join(', ')} in package.json did not run; commit what they make and remove them`;
    return [{ file, message }];
  },
};

const texts: readonly { readonly key: string; readonly max: number; readonly why: string }[] = [
  { key: 'displayName', max: 50, why: 'the Package Manager shows the name alone' },
  { key: 'description', max: 4096, why: 'the Package Manager has nothing to say of it' },
];

/** Keys of a manifest that Unity or npm know. */
const knownKeys = new Set(
  (
    'name version displayName description unity unityRelease dependencies keywords author license licensesUrl ' +
    'documentationUrl changelogUrl samples type hideInEditor repository bugs homepage contributors maintainers files ' +
    'main scripts publishConfig private category host relatedPackages testables engines devDependencies ' +
    'peerDependencies optionalDependencies funding os cpu module types browser bin config resolutions workspaces ' +
    'upm upmCi gitDependencies references registry licenses'
  ).split(' '),
);

export const requiredTexts: PackageRule = {
  id: 'manifest.required-text',
  severity: 'warn',
  exception: 'keys that nobody knows are only listed in the details',
  finds:
    'no displayName, description, author or licence, or one that is too long; keywords above 32 characters; unknown keys',
  why: 'It is what people see of a package before they install it',
  unityCheck: 'PVP-101-3',
  check: (packed) => [...checkTexts(packed), ...checkLegal(packed), ...checkKeys(packed)],
};

function checkTexts({ written }: PackedPackage): readonly Observation[] {
  return texts.flatMap(({ key, max, why }): readonly Observation[] => {
    const value = written[key];
    if (typeof value !== 'string' || value.trim() === '') {
      return [{ file, subject: key, message: `package.json has no "${key}": ${why}; write one` }];
    }
    if (value.length <= max) return [];
    return [{ file, subject: key, message: `"${key}" has ${value.length} characters; shorten it to ${max}` }];
  });
}

function checkLegal({ written }: PackedPackage): readonly Observation[] {
  const found: Observation[] = [];
  const { author, keywords } = written;
  const name = isObject(author) ? author['name'] : author;
  if (typeof name !== 'string' || name.trim() === '') {
    found.push({ file, subject: 'author', message: 'package.json has no "author"; name who answers for it' });
  }
  if (written['license'] === undefined && written['licensesUrl'] === undefined) {
    found.push({
      file,
      subject: 'license',
      message: 'package.json has no "license"; write an SPDX identifier, such as "MIT"',
    });
  }
  const long = Array.isArray(keywords)
    ? keywords.filter((word) => typeof word === 'string' && word.length > 32)
    : [];
  if (long.length > 0) {
    found.push({
      file,
      subject: 'keywords',
      message: `${long.length} of the keywords have more than 32 characters; shorten them`,
    });
  }
  return found;
}

function checkKeys({ written }: PackedPackage): readonly Observation[] {
  const unknown = Object.keys(written).filter(
    (key) => !knownKeys.has(key) && !key.startsWith('_') && key !== 'dist',
  );
  if (unknown.length === 0) return [];
  const shown = unknown.slice(0, 10).map((key) => `"${key.slice(0, 40).toWellFormed()}"`);
  const more = unknown.length > shown.length ? ` and ${unknown.length - shown.length} more` : '';
  return [
    {
      severity: 'info',
      file,
      subject: 'keys',
      message: `nobody reads ${shown.join(', ')}${more} in package.json; look for a slip of the pen`,
    },
  ];
}
