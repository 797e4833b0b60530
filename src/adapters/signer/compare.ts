import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { list, type ReadEntry } from 'tar';
import { attestationFile } from '../../domain/package/signing.ts';
import type { CheckTask } from './check-task.ts';

/** The signed tarball is not exactly the package and its signature. The message completes "it …". */
export class Differs extends Error {
  constructor(problem: string) {
    super(problem);
    this.name = 'Differs';
  }
}

const attestationBytesMax = 1024 * 1024;
const regular: readonly string[] = ['File', 'OldFile', 'ContiguousFile'];
const prefix = 'package/';

/**
 * Throws Differs unless the tarball holds the packed files, byte for byte, and a signature; may also throw errors of
 * the tar library.
 */
export function checkSigned(task: CheckTask, file: string): void {
  const comparison = new Comparison(task);
  list({ file, sync: true, strict: true, onReadEntry: (entry) => comparison.read(entry) });
  comparison.finish();
}

class Comparison {
  readonly #task: CheckTask;
  readonly #sizes: ReadonlyMap<string, number>;
  readonly #seen = new Set<string>();
  readonly #attestation: Buffer[] = [];

  constructor(task: CheckTask) {
    this.#task = task;
    this.#sizes = new Map(task.entries.map(({ path, bytes }) => [path, bytes]));
  }

  /** Compares one entry. Nothing is unpacked: a path is only compared with the expected paths. */
  read(entry: ReadEntry): void {
    const path = entry.path.slice(prefix.length);
    const problem = this.#judge(entry, path);
    // Throws at once, so that an unexpected entry is not read to its end.
    if (problem !== undefined) throw new Differs(problem);
    if (entry.type === 'Directory') {
      entry.resume();
      return;
    }
    this.#seen.add(path);
    const hash = createHash('sha256');
    entry.on('data', (chunk) => {
      hash.update(chunk);
      if (path === attestationFile) this.#attestation.push(Buffer.from(chunk));
    });
    entry.on('end', () => {
      if (path === attestationFile || hash.digest('hex') === this.#hashOf(path)) return;
      throw new Differs(`holds other bytes of ${show(path)}`);
    });
  }

  finish(): void {
    const lost = [...this.#sizes.keys()].find((path) => !this.#seen.has(path));
    if (lost !== undefined) throw new Differs(`lacks ${show(lost)}`);
    if (!this.#seen.has(attestationFile)) throw new Differs(`holds no ${attestationFile}`);
    const problem = judgeAttestation(Buffer.concat(this.#attestation), this.#task);
    if (problem !== undefined) throw new Differs(problem);
  }

  #judge(entry: ReadEntry, path: string): string | undefined {
    if (!entry.path.startsWith(prefix)) return `holds ${show(entry.path)} outside of its folder`;
    if (entry.type === 'Directory') return this.#isFolder(path) ? undefined : `adds ${show(path)}`;
    if (!regular.includes(entry.type)) return `holds ${show(path)}, which is no regular file`;
    if (this.#seen.has(path)) return `holds ${show(path)} twice`;
    if (path === attestationFile) {
      return entry.size <= attestationBytesMax
        ? undefined
        : `holds an ${attestationFile} of ${entry.size} bytes`;
    }
    const bytes = this.#sizes.get(path);
    if (bytes === undefined) return `adds ${show(path)}`;
    return entry.size === bytes ? undefined : `holds other bytes of ${show(path)}`;
  }

  #isFolder(path: string): boolean {
    return path === '' || [...this.#sizes.keys()].some((file) => file.startsWith(path));
  }

  #hashOf(path: string): string {
    return createHash('sha256')
      .update(readFileSync(join(this.#task.folder, path)))
      .digest('hex');
  }
}

/** Returns a problem unless the signature can be parsed and names no other package. */
function judgeAttestation(bytes: Buffer, task: CheckTask): string | undefined {
  if (!isDerSequence(bytes)) return `holds an ${attestationFile} that is no DER`;
  // The payload is JSON inside the CMS message.
  const text = bytes.toString('latin1');
  const name = /"packageName"\s{0,9}:\s{0,9}"([^"]{0,300})"/.exec(text)?.[1];
  const version = /"packageVersion"\s{0,9}:\s{0,9}"([^"]{0,300})"/.exec(text)?.[1];
  if (name !== undefined && name !== task.name) return `is signed for ${show(name)}`;
  if (version !== undefined && version !== task.version) return `is signed for version ${show(version)}`;
  return undefined;
}

/** True for one definite-length SEQUENCE that fills the bytes. */
function isDerSequence(bytes: Buffer): boolean {
  const first = bytes[1];
  if (bytes[0] !== 0x30 || first === undefined || bytes.length < 8) return false;
  if (first < 0x80) return bytes.length === 2 + first;
  const lengthBytes = first & 0x7f;
  if (lengthBytes < 1 || lengthBytes > 4) return false;
  return bytes.length === 2 + lengthBytes + bytes.readUIntBE(2, lengthBytes);
}

function show(path: string): string {
  return path.replaceAll(/[\p{Cc}\p{Cf}]/gu, '?').slice(0, 120);
}
