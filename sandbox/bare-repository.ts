import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gitSync } from './git-sync.ts';

/**
 * Reads refs as files and copies new repositories from a template: starting git for each of them took half of the
 * tests' time.
 */

const templates = new Map<string, string>();

/** Makes an empty bare repository, as `git init --bare` does. */
export function initBare(bare: string, objectFormat: 'sha1' | 'sha256' = 'sha1'): void {
  cpSync(templateOf(objectFormat), bare, { recursive: true });
}

function templateOf(objectFormat: string): string {
  const known = templates.get(objectFormat);
  if (known !== undefined) return known;
  const made = mkdtempSync(join(tmpdir(), 'bare-template-'));
  process.once('exit', () => rmSync(made, { recursive: true, force: true }));
  gitSync(['init', '--quiet', '--bare', '--template=', `--object-format=${objectFormat}`, made]);
  templates.set(objectFormat, made);
  return made;
}

/** Returns the ref that HEAD names, such as `refs/heads/main`. Throws when HEAD is not a symbolic ref. */
export function readHead(bare: string): string {
  const ref = /^ref: (.+)\n$/.exec(readFileSync(join(bare, 'HEAD'), 'utf8'))?.[1];
  if (ref === undefined) throw new Error(`HEAD of ${bare} is not a symbolic ref`);
  return ref;
}

/**
 * Returns the object id of a full ref name, loose or packed (gitrepository-layout(5)); undefined when there is none.
 */
export function readRef(bare: string, ref: string): string | undefined {
  const loose = readIfThere(join(bare, ref))?.trim();
  if (loose !== undefined) return loose;
  const packed = readIfThere(join(bare, 'packed-refs')) ?? '';
  const line = packed.split('\n').find((item) => item.endsWith(` ${ref}`));
  return line?.slice(0, line.indexOf(' '));
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? ''))
      return undefined;
    throw error;
  }
}
