import type { FileToScan, FoundSecret } from '../../../ports/preflight.ts';
import type { Observation, PackageRule, PackedPackage } from './rule.ts';

/**
 * Names that only files with secrets have. A file that ends in .pem, .p12 or .jks may hold nothing but certificates,
 * so its content decides.
 */
const secretNames: readonly (readonly [RegExp, string])[] = [
  [/(^|\/)\.env(\.(?!example$|sample$|template$)[^/]*)?$/i, 'an environment file'],
  [/(^|\/)\.(npmrc|netrc|git-credentials|upmconfig\.toml|pypirc)$/i, 'a credentials file'],
  [/(^|\/)id_(rsa|dsa|ecdsa|ed25519)$/i, 'a private SSH key'],
];

/**
 * Extensions that are not searched: Unity's own text assets are large, many and hold no prose; the others are no text
 * at all.
 */
const notText =
  /\.(png|jpe?g|gif|bmp|hdr|tga|psd|tiff?|exr|webp|fbx|obj|blend|wav|mp3|mp4|ogg|aiff?|dll|exe|pdb|so|a|dylib|jar|aar|bytes|meta|unity|prefab|asset|mat|anim|ttf|otf|zip|gz|tgz|7z|unitypackage|pdf)$/i;

const mebibyte = 1024 * 1024;

/** Finds secrets, since a published secret cannot be taken back; names the file and the kind, never the value. */
export const secretFiles: PackageRule = {
  id: 'pack.secret-scan',
  severity: 'block',
  exception: 'how far a very large text was searched is listed',
  finds: 'tokens, private keys, passwords in addresses, `.env` and credentials files; never tells the value',
  why: 'What was published cannot be taken back',
  async check(packed) {
    const { found, cut, stoppedAt } = await packed.findSecrets(listFiles(packed));
    const findings: Observation[] = found.map(describe);
    for (const { file, searchedBytes } of cut) {
      const message = `${file} is large: only its first ${searchedBytes / mebibyte} MB were searched for secrets`;
      findings.push({ severity: 'info', file, message });
    }
    if (stoppedAt !== undefined) findings.push(describeStop(stoppedAt));
    return findings;
  },
};

function listFiles(packed: PackedPackage): readonly FileToScan[] {
  return packed.entries.flatMap(({ path, bytes }): FileToScan[] => {
    // Unity writes metas itself, and `.env.example.meta` would look like an environment file.
    if (path.endsWith('.meta')) return [];
    const kind = secretNames.find(([pattern]) => pattern.test(path))?.[1];
    if (kind !== undefined) return [{ path, kind }];
    return bytes === 0 || notText.test(path) ? [] : [{ path }];
  });
}

function describe({ file, line, kind, fingerprint }: FoundSecret): Observation {
  const subject = line === undefined ? `${file} looks like ${kind}` : `${file}:${line} looks like ${kind}`;
  return {
    file,
    ...(line === undefined ? {} : { line }),
    fingerprint,
    message: `${subject}; remove it from the package and revoke it, since it is in the history`,
  };
}

/** Blocks a file whose search was stopped: what was not searched is not published. */
function describeStop(file: string): Observation {
  const message = `${file} is too slow to be searched for secrets; split it, or leave it out of the package`;
  return { file, message };
}
