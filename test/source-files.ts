import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the project. */
export const root = fileURLToPath(new URL('..', import.meta.url));

export interface Import {
  /** Path relative to the project, or the bare name as it is written. */
  readonly target: string;
  readonly isBare: boolean;
  /** True when the import is erased before the program runs. */
  readonly isTypeOnly: boolean;
}

/** Reads a file of the project. */
export function readProject(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** Returns the modules below a folder, sorted. */
export function listSources(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name}`)
    .filter((name) => /(?<!\.d)\.(ts|mjs)$/.test(name))
    .sort();
}

const importPattern =
  /^(?:import|export)\s+(type\s+)?((?:[^'";]*?)\s+from\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)|new URL\(\s*['"](\.[^'"]+\.ts)['"]\s*,\s*import\.meta\.url\s*\)/gm;

/** Returns imports, re-exports, dynamic imports, and worker files named by URL. */
function listImports(file: string): readonly Import[] {
  return [...readProject(file).matchAll(importPattern)].map(([, type, bindings, from, dynamic, worker]) => {
    const written = from ?? dynamic ?? worker ?? '';
    const isBare = !written.startsWith('.');
    const target = isBare ? written : relative(root, join(root, dirname(file), written));
    return { target, isBare, isTypeOnly: type !== undefined || areAllTypes(bindings) };
  });
}

/** Returns whether all bindings are types, as in `{ type A, type B }`. */
function areAllTypes(bindings: string | undefined): boolean {
  const names = /\{([^}]*)\}/.exec(bindings ?? '')?.[1]?.split(',') ?? [];
  const named = names.map((name) => name.trim()).filter((name) => name !== '');
  return named.length > 0 && named.every((name) => name.startsWith('type '));
}

export const sources = listSources('src');
/** The imports of each module. */
export const imports = new Map(sources.map((file) => [file, listImports(file)]));

/** Returns the folder of `src` that a file belongs to; `root` for a file beside the folders. */
export function layerOf(file: string): string {
  const [, first = '', second] = file.split('/');
  return second === undefined ? 'root' : first;
}
