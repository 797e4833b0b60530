import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { killGroup, spawnGit } from './run-git.ts';

export interface ObjectInfo {
  readonly oid: string;
  /** Undefined when the mirror does not hold it. */
  readonly bytes: number | undefined;
  readonly type: string;
}

const commandsPerFlush = 5_000;

/** One `git cat-file --batch-command` process: sizes first, then contents, in the order asked for. */
export class ObjectReader implements AsyncDisposable {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #signal: AbortSignal;
  readonly #kill: () => void;
  #held: Buffer = Buffer.alloc(0);

  constructor(mirror: string, env: Readonly<Record<string, string>>, signal: AbortSignal) {
    this.#child = spawnGit(['-C', mirror, 'cat-file', '--batch-command', '--buffer'], env);
    this.#chunks = this.#child.stdout[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    this.#signal = signal;
    this.#kill = () => killGroup(this.#child);
    // Without a listener a git that cannot be started would end the process; reading then simply finds no output.
    this.#child.on('error', () => undefined);
    signal.addEventListener('abort', this.#kill);
  }

  /** Throws when the mirror cannot be read. */
  async list(oids: readonly string[]): Promise<readonly ObjectInfo[]> {
    this.#ask('info', oids);
    const infos: ObjectInfo[] = [];
    for (const oid of oids) infos.push(parseInfo(oid, await this.#line()));
    return infos;
  }

  /** Asks for the contents; each is then read with `content`, in this order. */
  request(oids: readonly string[]): void {
    this.#ask('contents', oids);
  }

  /** Chunks of the next requested object. All of them must be read. */
  async *content(info: ObjectInfo): AsyncGenerator<Buffer> {
    const found = parseInfo(info.oid, await this.#line());
    if (found.bytes !== info.bytes) throw new Error('an object changed while it was read');
    let left = found.bytes ?? 0;
    while (left > 0) {
      if (this.#held.length === 0) await this.#more();
      const piece = this.#held.subarray(0, left);
      this.#held = this.#held.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
    if (this.#held.length === 0) await this.#more();
    this.#held = this.#held.subarray(1);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#signal.removeEventListener('abort', this.#kill);
    this.#kill();
    await this.#chunks.return?.();
  }

  #ask(command: 'info' | 'contents', oids: readonly string[]): void {
    for (let from = 0; from < oids.length; from += commandsPerFlush) {
      const lines = oids.slice(from, from + commandsPerFlush).map((oid) => `${command} ${oid}\n`);
      this.#child.stdin.write(`${lines.join('')}flush\n`);
    }
  }

  async #line(): Promise<string> {
    for (;;) {
      const end = this.#held.indexOf(10);
      if (end >= 0) {
        const line = this.#held.toString('latin1', 0, end);
        this.#held = this.#held.subarray(end + 1);
        return line;
      }
      await this.#more();
    }
  }

  async #more(): Promise<void> {
    const next = await this.#chunks.next();
    this.#signal.throwIfAborted();
    if (next.done === true) throw new Error('git cat-file ended early: the mirror cannot be read');
    this.#held = this.#held.length === 0 ? next.value : Buffer.concat([this.#held, next.value]);
  }
}

function parseInfo(oid: string, line: string): ObjectInfo {
  const [, type = '', size = ''] = line.split(' ');
  const bytes = /^\d+$/.test(size) ? Number(size) : undefined;
  return { oid, type, bytes };
}
