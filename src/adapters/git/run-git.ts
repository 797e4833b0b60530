import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';

export interface GitCommand {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** More on stdout ends the command. */
  readonly maxOutputBytes: number;
  /** Given all of stdout piece by piece, one for each turn of the event loop; nothing is held then. False ends the command. */
  readonly take?: ((piece: Buffer) => boolean) | undefined;
}

export interface GitResult {
  readonly code: number;
  readonly stdout: Buffer;
  /** The output limit was reached, or `take` wanted no more. */
  readonly isCut: boolean;
}

/** git did not end in time. */
export class GitTimeout extends Error {}

/** Starts git in its own process group, so that its helpers (git-remote-http) can be ended with it. */
export function spawnGit(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): ChildProcessWithoutNullStreams {
  const child = spawn('git', args, { env, detached: true, stdio: 'pipe' });
  // A git that ended early is told by its exit, not by the pipe.
  child.stdin.on('error', () => undefined);
  // Never kept: it may quote the repository, and nothing is decided on it.
  child.stderr.resume();
  return child;
}

export function killGroup(child: ChildProcessWithoutNullStreams): void {
  if (child.pid === undefined || child.exitCode !== null) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Gone by itself.
  }
}

/** Runs one command to its end. Rejects with the signal's reason, GitTimeout, or when git cannot be started. */
export async function runGit(command: GitCommand): Promise<GitResult> {
  command.signal.throwIfAborted();
  const child = spawnGit(command.args, command.env);
  const chunks: Buffer[] = [];
  const hold = (chunk: Buffer): boolean => chunks.push(chunk) > 0;
  const output = readOutput(child, command, hold);
  const timeout = AbortSignal.timeout(command.timeoutMs);
  const stop = AbortSignal.any([command.signal, timeout]);
  const kill = (): void => killGroup(child);
  stop.addEventListener('abort', kill);
  child.stdin.end(command.input ?? '');
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (exit) => resolve(exit ?? -1));
    });
    command.signal.throwIfAborted();
    if (timeout.aborted)
      throw new GitTimeout(`git ${command.args[0] ?? ''} took longer than ${command.timeoutMs} ms`);
    return { code, stdout: Buffer.concat(chunks), isCut: output.isCut };
  } finally {
    stop.removeEventListener('abort', kill);
  }
}

function readOutput(
  child: ChildProcessWithoutNullStreams,
  { maxOutputBytes, take }: GitCommand,
  hold: (chunk: Buffer) => boolean,
): { isCut: boolean } {
  const output = { isCut: false };
  let bytes = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    if (output.isCut) return;
    bytes += chunk.length;
    if (bytes > maxOutputBytes || !(take ?? hold)(chunk)) {
      output.isCut = true;
      killGroup(child);
    } else if (take !== undefined) {
      child.stdout.pause();
      setImmediate(() => child.stdout.resume());
    }
  });
  return output;
}
