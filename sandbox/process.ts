import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** One JSON line of the process's log. */
export interface LogLine {
  readonly msg: string;
  readonly job?: number;
  readonly stage?: string;
  readonly package?: string;
  readonly status?: string;
  readonly url?: string;
  readonly [field: string]: unknown;
}

export interface PublisherProcess {
  /** Address at which it listens. */
  readonly url: string;
  readonly pid: number;
  lines(): readonly LogLine[];
  /** Everything that it wrote, stderr included. */
  output(): string;
  /** Resolves with the first line, past or future, that fits. Rejects when the process ends without one. */
  waitFor(fits: (line: LogLine) => boolean): Promise<LogLine>;
  /** Resolves with the exit code, or the signal's name. */
  readonly exited: Promise<number | string>;
  kill(signal: 'SIGKILL' | 'SIGTERM'): void;
}

export interface ProcessOptions {
  /** The whole environment besides PATH. */
  readonly env: Readonly<Record<string, string>>;
  /** User and group to run as, if the starting user may choose. */
  readonly user?: number;
  /** The folder of the checkout that is run; this one when left out. */
  readonly source?: string;
  /** Called with each line as it arrives. */
  readonly onLine?: (line: LogLine, process: { kill(signal: 'SIGKILL' | 'SIGTERM'): void }) => void;
  /** Called with text that is not a log line. */
  readonly onText?: (text: string) => void;
}

const thisCheckout = fileURLToPath(new URL('..', import.meta.url));
/** Flags of node, as `npm start` and the image use them. */
export const startFlags: readonly string[] = [
  '--disable-warning=ExperimentalWarning',
  '--max-semi-space-size=8',
];

/** Starts the real process as a child and waits until it listens. Rejects with its output when it ends before. */
export async function startPublisher(options: ProcessOptions): Promise<PublisherProcess> {
  const child = spawn(
    process.execPath,
    [...startFlags, join(options.source ?? thisCheckout, 'src', 'start.mjs')],
    {
      env: { PATH: process.env['PATH'] ?? '', ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(options.user === undefined ? {} : { uid: options.user, gid: options.user }),
    },
  );
  const follow = followLines(child, options);
  const exited = new Promise<number | string>((resolve) => {
    child.on('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  const ended = exited.then((code) => {
    throw new Error(`the process ended (${code}):\n${follow.output().slice(-4_000)}`);
  });
  ended.catch(() => undefined);
  const waitFor = async (fits: (line: LogLine) => boolean): Promise<LogLine> =>
    Promise.race([follow.find(fits), ended]);
  const listening = await waitFor((line) => line.msg === 'listening');
  return {
    url: listening.url ?? '',
    pid: child.pid ?? 0,
    lines: follow.lines,
    output: follow.output,
    waitFor,
    exited,
    kill: (signal) => void child.kill(signal),
  };
}

function followLines(child: ChildProcess, options: ProcessOptions) {
  const seen: LogLine[] = [];
  const text: string[] = [];
  const arrived = new EventEmitter().setMaxListeners(0);
  const onText = (line: string): void => {
    text.push(line);
    const parsed = parseLine(line);
    if (parsed === undefined) {
      options.onText?.(line);
      return;
    }
    seen.push(parsed);
    options.onLine?.(parsed, { kill: (signal) => void child.kill(signal) });
    arrived.emit('line');
  };
  for (const stream of [child.stdout, child.stderr]) {
    if (stream !== null) createInterface({ input: stream }).on('line', onText);
  }
  async function find(fits: (line: LogLine) => boolean): Promise<LogLine> {
    for (let at = 0; ; ) {
      // Looks at each line once, because there may be a hundred thousand.
      for (; at < seen.length; at++) {
        const line = seen[at];
        if (line !== undefined && fits(line)) return line;
      }
      await once(arrived, 'line');
    }
  }
  return { lines: () => [...seen], output: () => text.join('\n'), find };
}

function parseLine(line: string): LogLine | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'msg' in value ? (value as LogLine) : undefined;
  } catch {
    return undefined;
  }
}
