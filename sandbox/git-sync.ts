import { execFileSync } from 'node:child_process';

/** Environment that hides the machine's own git settings. */
export const bareEnv = {
  PATH: process.env['PATH'] ?? '',
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  LC_ALL: 'C',
};

/** Like gitSync, but returns the exact bytes. */
export function gitBytes(args: readonly string[]): Buffer {
  return execFileSync('git', args, {
    env: bareEnv,
    maxBuffer: 256 * 1024 * 1024,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

/** Runs git for building sample repositories, without the machine's own git settings. Throws with git's message. */
export function gitSync(args: readonly string[], input?: string | Buffer): string {
  return execFileSync('git', args, {
    env: bareEnv,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(input === undefined ? {} : { input }),
  }).trim();
}
