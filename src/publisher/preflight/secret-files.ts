import type { Observation, PackageRule, PackedPackage } from './rule.ts';

const secretNames: readonly (readonly [RegExp, string])[] = [
  [/(^|\/)\.env(\.(?!example$|sample$|template$)[^/]*)?$/i, 'an environment file'],
  [/(^|\/)\.(npmrc|netrc|git-credentials|upmconfig\.toml|pypirc)$/i, 'a credentials file'],
  [/\.(pem|p12|pfx|keystore|jks|p8|ppk|mobileprovision)$/i, 'a key or certificate store'],
  [/(^|\/)id_(rsa|dsa|ecdsa|ed25519)$/i, 'a private SSH key'],
  [/(^|\/)[^/]*service[-_]?account[^/]*\.json$/i, 'a service account key'],
];

const secretTexts: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/, 'a private key'],
  [/"type"\s*:\s*"service_account"[\s\S]{0,2000}"private_key"/, 'a service account key'],
  [/\bgh[pousr]_[A-Za-z0-9]{36,}|\bgithub_pat_[A-Za-z0-9_]{50,}/, 'a GitHub token'],
  [/\bnpm_[A-Za-z0-9]{36}\b/, 'an npm token'],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/, 'an AWS access key'],
  [/\bxox[abprs]-[A-Za-z0-9-]{20,}/, 'a Slack token'],
  [/\bAIza[0-9A-Za-z_-]{35}\b/, 'a Google API key'],
];

const maxTextBytes = 512 * 1024;
/** Unity's own text assets are large, many and hold no prose. */
const notText =
  /\.(png|jpe?g|tga|psd|tiff?|exr|fbx|obj|blend|wav|mp3|ogg|dll|so|a|dylib|bytes|meta|unity|prefab|asset|mat|anim|ttf|otf|zip)$/i;

/** A published secret cannot be taken back; names the file and the kind, never the value. */
export const secretFiles: PackageRule = {
  id: 'pack.secret',
  severity: 'block',
  finds: 'keys, tokens, `.env` and credentials files',
  why: 'What was published cannot be taken back',
  isGate: true,
  async check(packed) {
    const findings: Observation[] = [];
    for (const entry of packed.entries) {
      // A meta is Unity's own; `.env.example.meta` would read as an environment file.
      if (entry.path.endsWith('.meta')) continue;
      const kind = kindByName(entry.path) ?? (await kindByText(packed, entry.path, entry.bytes));
      if (kind !== undefined) findings.push(describe(entry.path, kind));
    }
    return findings;
  },
};

function kindByName(path: string): string | undefined {
  return secretNames.find(([pattern]) => pattern.test(path))?.[1];
}

async function kindByText(packed: PackedPackage, path: string, bytes: number): Promise<string | undefined> {
  if (bytes === 0 || bytes > maxTextBytes || notText.test(path)) return undefined;
  const text = Buffer.from(await packed.read(path)).toString('latin1');
  return secretTexts.find(([pattern]) => pattern.test(text))?.[1];
}

function describe(path: string, kind: string): Observation {
  return {
    file: path,
    message: `${path} looks like ${kind}; remove it from the package and revoke it, since it is in the history`,
  };
}
