import { buildGitSource, type GitPorts, type GitSourceOptions } from '../../src/adapters/git/git-source.ts';
import { systemClock } from '../../src/adapters/system/system-clock.ts';
import type { Logger } from '../../src/ports/logger.ts';

const quiet: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** Opens mirrors of our git host in this folder, with limits that no test reaches unless it sets them. */
export function openTestSource(
  serverUrl: string,
  folder: string,
  options: Partial<GitSourceOptions> = {},
): GitPorts {
  return buildGitSource({
    serverUrl,
    folder,
    token: () => undefined,
    maxMirrorBytesTotal: 1e9,
    maxFetchBytes: 1e9,
    maxFiles: 10_000,
    timeoutMs: 20_000,
    clock: systemClock,
    logger: quiet,
    ...options,
  });
}
