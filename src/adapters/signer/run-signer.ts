import { type ChildProcess, spawn } from 'node:child_process';

export interface SignerRun {
  /** The program, then its arguments. Runs without a shell. */
  readonly command: readonly [string, ...(readonly string[])];
  /** The complete environment of the program. */
  readonly env: Readonly<Record<string, string>>;
  readonly folder: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Runs the signer to its end; returns undefined when it succeeded, else one phrase. Its output is read and discarded,
 * because it may contain credentials. Its whole process group is killed at the end. Rejects with the signal's reason.
 */
export async function runSigner(run: SignerRun): Promise<string | undefined> {
  const { signal, timeoutMs, folder } = run;
  signal.throwIfAborted();
  const [program, ...args] = run.command;
  const options = { cwd: folder, env: run.env, detached: true } as const;
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.resume();
  child.stderr.resume();
  const timeout = AbortSignal.timeout(timeoutMs);
  const stop = AbortSignal.any([signal, timeout]);
  const kill = (): void => killGroup(child);
  stop.addEventListener('abort', kill);
  try {
    const ended = await new Promise<string | undefined>((resolve) => {
      child.on('error', (error) => resolve(explainStart(error)));
      child.on('exit', (code, by) => resolve(explainExit(code, by)));
    });
    signal.throwIfAborted();
    return timeout.aborted ? `the signer took longer than ${timeoutMs / 1000} s` : ended;
  } finally {
    stop.removeEventListener('abort', kill);
    // Kills processes that the signer started and left behind.
    kill();
  }
}

function explainStart(error: Error): string {
  const code = 'code' in error ? String(error.code) : 'unknown error';
  return code === 'ENOENT' ? 'the signer was not found' : `the signer could not be started (${code})`;
}

function explainExit(code: number | null, by: string | null): string | undefined {
  if (code === 0) return undefined;
  return code === null ? `the signer was ended by ${by}` : `the signer ended with ${code}`;
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The process group is already gone.
  }
}
