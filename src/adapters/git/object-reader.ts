import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { createHash } from 'node:crypto';
import { killGroup, spawnGit } from './run-git.ts';

export interface ObjectInfo {
  readonly oid: string;
  /** Undefined when the mirror does not hold it. */
  readonly bytes: number | undefined;
  readonly type: string;
}

const commandsPerFlush = 5_000;

/** One `git cat-file --batch-command` process: sizes first, then contents, in the order asked for. */
export class ObjectReader {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #chunks: AsyncIterator<Buffer>;
  #held: Buffer = Buffer.alloc(0);

  constructor(mirror: string, env: Readonly<Record<string, string>>) {
    this.#child = spawnGit(['-C', mirror, 'cat-file', '--batch-command', '--buffer'], env);
    this.#chunks = this.#child.stdout[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    // Without a listener a git that cannot be started would end the process; reading then simply finds no output.
    this.#child.on('error', () => undefined);
  }

  /** The object that a full ref name stands for now; undefined when there is no such ref. */
  async resolve(ref: string): Promise<string | undefined> {
    this.#ask('info', [ref]);
    return /^([0-9a-f]{40,64}) \w+ \d+$/.exec(await this.#line())?.[1];
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

  /** Chunks of the next requested object. All of them must be read. Throws at their end when they are not what its name says. */
  async *content(info: ObjectInfo): AsyncGenerator<Buffer> {
    const found = parseInfo(info.oid, await this.#line());
    if (found.bytes !== info.bytes) throw new Error('an object changed while it was read');
    let left = found.bytes ?? 0;
    // git does not look: whatever lies under the name in a damaged mirror would be packed.
    const hash = createHash(info.oid.length === 64 ? 'sha256' : 'sha1').update(`${found.type} ${left}\0`);
    while (left > 0) {
      if (this.#held.length === 0) await this.#more();
      const piece = this.#held.subarray(0, left);
      this.#held = this.#held.subarray(piece.length);
      left -= piece.length;
      hash.update(piece);
      yield piece;
    }
    if (this.#held.length === 0) await this.#more();
    this.#held = this.#held.subarray(1);
    if (hash.digest('hex') !== info.oid) throw new Error('an object is not what its name says');
  }

  /** False once the process has ended. */
  get isRunning(): boolean {
    return this.#child.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Whoever waits for an answer gets an error. */
  kill(): void {
    killGroup(this.#child);
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
    if (next.done === true) throw new Error('git cat-file ended early: the mirror cannot be read');
    this.#held = this.#held.length === 0 ? next.value : Buffer.concat([this.#held, next.value]);
  }
}

function parseInfo(oid: string, line: string): ObjectInfo {
  const [, type = '', size = ''] = line.split(' ');
  const bytes = /^\d+$/.test(size) ? Number(size) : undefined;
  return { oid, type, bytes };
}
