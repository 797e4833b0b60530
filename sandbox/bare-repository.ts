import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Makes and reads repositories as files: starting git for each of them took half of the tests' time. */

const config = '[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n';
/** Format 1 is the first that knows extensions (gitrepository-layout(5)). */
const sha256Config = `${config.replace('= 0', '= 1')}[extensions]\n\tobjectformat = sha256\n`;

/** Makes an empty bare repository, as `git init --bare --template=` does. */
export function initBare(bare: string, objectFormat: 'sha1' | 'sha256' = 'sha1'): void {
  for (const folder of ['objects/info', 'objects/pack', 'refs/heads', 'refs/tags']) {
    mkdirSync(join(bare, folder), { recursive: true });
  }
  writeFileSync(join(bare, 'config'), objectFormat === 'sha1' ? config : sha256Config);
  writeFileSync(join(bare, 'HEAD'), 'ref: refs/heads/main\n');
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
