/**
 * Inputs for the complete environment of every git process. That environment excludes the configuration of the machine,
 * of the user and of the repository (there is no work tree), and disables prompts and credential helpers. Settings are
 * passed as GIT_CONFIG_* variables, never in argv or on disk.
 */
export interface GitEnvOptions {
  /** Path of an empty folder, used as HOME. */
  readonly home: string;
  /** Value of the PATH variable. */
  readonly path: string;
}

export type Settings = readonly (readonly [key: string, value: string])[];

const always: Settings = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['core.symlinks', 'false'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['credential.helper', ''],
  ['safe.directory', '*'],
  ['protocol.allow', 'never'],
];

export function buildGitEnv(options: GitEnvOptions, settings: Settings): Record<string, string> {
  const all = [...always, ...settings];
  return {
    PATH: options.path,
    HOME: options.home,
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    // Replace refs and grafts are disabled: no object in a mirror may substitute another one.
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_GRAFT_FILE: '/dev/null',
    GIT_LFS_SKIP_SMUDGE: '1',
    GIT_CONFIG_COUNT: String(all.length),
    ...Object.fromEntries(
      all.flatMap(([key, value], index) => [
        [`GIT_CONFIG_KEY_${index}`, key],
        [`GIT_CONFIG_VALUE_${index}`, value],
      ]),
    ),
  };
}

export interface RemoteOptions {
  /** The server's base, without a trailing slash. */
  readonly serverUrl: string;
  readonly repositoryUrl: string;
  readonly token: string | undefined;
}

/**
 * Returns the settings for commands that contact the git host. They declare the partial clone here instead of in the
 * mirror's configuration, so that local commands have no promisor remote and report a missing blob as missing, instead
 * of fetching missing blobs one by one.
 */
export function remoteSettings(remote: RemoteOptions): Settings {
  const scheme = remote.serverUrl.startsWith('http:') ? 'http' : 'https';
  const settings: (readonly [string, string])[] = [
    [`protocol.${scheme}.allow`, 'always'],
    ['remote.origin.url', remote.repositoryUrl],
    ['remote.origin.promisor', 'true'],
    ['remote.origin.partialclonefilter', 'blob:none'],
    ['http.followRedirects', 'false'],
    ['http.lowSpeedLimit', '1000'],
    ['http.lowSpeedTime', '30'],
    // Each thread keeps its own 96 MB cache of delta bases; by default git starts one thread per core.
    ['pack.threads', '4'],
    ['fetch.recurseSubmodules', 'false'],
    // Without this, git 2.39 stores fewer than 100 objects as loose files, which the size check of a fetch misses.
    ['fetch.unpackLimit', '1'],
  ];
  const header = authorizationOf(remote.token);
  if (header !== undefined) {
    settings.push([`http.${remote.serverUrl}/.extraHeader`, `Authorization: ${header}`]);
  }
  return settings;
}

/** Builds a Basic header. GitHub accepts any user name with a token; `x-access-token` is the documented one. */
export function authorizationOf(token: string | undefined): string | undefined {
  if (token === undefined || token === '') return undefined;
  return `Basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`;
}
