/**
 * The whole environment of every git process: no configuration of the machine or of a user, none of the repository's
 * own (there is no work tree), no prompt, no helper. Settings travel as GIT_CONFIG_*, never by argv or on disk.
 */
export interface GitEnvOptions {
  /** An empty folder. */
  readonly home: string;
  /** PATH. */
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
    // Nothing in a mirror may stand for another object.
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
 * For commands that talk to the git host. The partial clone is declared here and not in the mirror's own
 * configuration: for local commands there is then no promisor, and a missing blob is simply missing instead of
 * being fetched one by one behind our back.
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
    // Each holds its own 96 MB of what deltas lie on, and there would be one for each core.
    ['pack.threads', '4'],
    ['fetch.recurseSubmodules', 'false'],
    // git writes fewer than 100 objects as loose files, where nobody measures how much a fetch has brought (git 2.39).
    ['fetch.unpackLimit', '1'],
  ];
  const header = authorizationOf(remote.token);
  if (header !== undefined) {
    settings.push([`http.${remote.serverUrl}/.extraHeader`, `Authorization: ${header}`]);
  }
  return settings;
}

/** GitHub takes any user name beside a token; this is the documented one. */
export function authorizationOf(token: string | undefined): string | undefined {
  if (token === undefined || token === '') return undefined;
  return `Basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`;
}
