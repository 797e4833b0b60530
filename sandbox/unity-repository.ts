import { createHash } from 'node:crypto';
import { readRef } from './bare-repository.ts';
import { gitSync } from './git-sync.ts';

/** A file's content, or a special entry of a git tree. */
export type TreeFile =
  | string
  | Buffer
  | { readonly symlink: string }
  | { readonly submodule: string }
  | { readonly executable: string };
export type TreeFiles = Readonly<Record<string, TreeFile>>;

export interface CommitOptions {
  readonly branch?: string;
  /** Commit to start from instead of the branch's tip; null starts without history. */
  readonly parent?: string | null;
  readonly message?: string;
  readonly author?: string;
  readonly email?: string;
  /** A second parent, which makes it a merge commit. */
  readonly merge?: string;
  /** Seconds since the epoch. */
  readonly dateSeconds?: number;
  readonly files?: TreeFiles;
  readonly remove?: readonly string[];
}

/** Commits into a bare repository without a work tree, so that any tree can be made. Returns the sha. */
export function commitFiles(bare: string, options: CommitOptions): string {
  const [sha = ''] = commitAll(bare, [options]);
  return sha;
}

/** Makes several commits in one run of git; those of one branch follow each other. Returns the shas, in order. */
export function commitAll(bare: string, commits: readonly CommitOptions[]): readonly string[] {
  const begun = new Set<string>();
  const parts = commits.flatMap((options, index) => {
    const ref = `refs/heads/${options.branch ?? 'main'}`;
    const tip = begun.has(ref) ? null : findTip(bare, ref);
    begun.add(ref);
    return commitParts(ref, index + 1, options.parent === undefined ? tip : options.parent, options);
  });
  // Reads the marks, not the ref, because somebody else may have pushed on top in the meantime.
  const marks = commits.map((_, index) => Buffer.from(`get-mark :${index + 1}\n`));
  const force = commits.every(({ parent }) => parent === undefined) ? [] : ['--force'];
  const stream = Buffer.concat([...parts, ...marks, Buffer.from('done\n')]);
  return gitSync(['-C', bare, 'fast-import', '--quiet', '--done', ...force], stream).split('\n');
}

/**
 * Writes one commit. Without a parent it follows the branch's previous commit of this stream, or starts the branch.
 */
function commitParts(
  ref: string,
  mark: number,
  parent: string | null,
  options: CommitOptions,
): readonly Buffer[] {
  const { remove = [], files = {}, merge } = options;
  return [
    ...commitHead(ref, mark, options),
    Buffer.from(parent === null ? '\n' : `\nfrom ${parent}\n`),
    Buffer.from(merge === undefined ? '' : `merge ${merge}\n`),
    ...remove.map((path) => Buffer.from(`D ${quote(path)}\n`)),
    ...Object.entries(files).flatMap(([path, file]) => entry(path, file)),
    Buffer.from('\n'),
  ];
}

function commitHead(ref: string, mark: number, options: CommitOptions): readonly Buffer[] {
  const { author = 'Ada Example', dateSeconds = 1_790_000_000, message = 'Change' } = options;
  const who = `${author} <${options.email ?? 'ada@studio.test'}> ${dateSeconds} +0000`;
  const text = Buffer.from(message);
  return [
    Buffer.from(`commit ${ref}\nmark :${mark}\nauthor ${who}\ncommitter ${who}\ndata ${text.length}\n`),
    text,
  ];
}

function findTip(bare: string, ref: string): string | null {
  return readRef(bare, ref) ?? null;
}

function entry(path: string, file: TreeFile): readonly Buffer[] {
  if (typeof file === 'object' && 'submodule' in file) {
    return [Buffer.from(`M 160000 ${file.submodule} ${quote(path)}\n`)];
  }
  const [mode, content] = contentOf(file);
  const bytes = Buffer.isBuffer(content) ? content : Buffer.from(content);
  return [Buffer.from(`M ${mode} inline ${quote(path)}\ndata ${bytes.length}\n`), bytes, Buffer.from('\n')];
}

function contentOf(file: Exclude<TreeFile, { submodule: string }>): readonly [string, string | Buffer] {
  if (typeof file === 'string' || Buffer.isBuffer(file)) return ['100644', file];
  return 'symlink' in file ? ['120000', file.symlink] : ['100755', file.executable];
}

/** Quotes a path in C style, as fast-import reads it. */
function quote(path: string): string {
  const escaped = path.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
  return `"${escaped}"`;
}

export interface PackageOptions {
  readonly folder?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  /** Additional or replaced fields of package.json. */
  readonly manifest?: Readonly<Record<string, unknown>>;
  /** Additional files, relative to the package. */
  readonly files?: TreeFiles;
  /** This many incompressible asset files, with their metas. */
  readonly assets?: { readonly count: number; readonly bytesEach: number };
}

/**
 * Makes the files of a small, complete Unity package: manifest, texts, an assembly and a script, each with its meta.
 */
export function unityPackage(name: string, version: string, options: PackageOptions = {}): TreeFiles {
  const assembly = name.split('.').map(capital).join('.');
  const manifest = {
    name,
    version,
    displayName: assembly,
    description: `Sample package ${name}`,
    unity: '2022.3',
    author: { name: 'Studio' },
    license: 'MIT',
    ...(options.dependencies === undefined ? {} : { dependencies: options.dependencies }),
    ...options.manifest,
  };
  const plain: Record<string, TreeFile> = {
    'package.json': `${JSON.stringify(manifest, null, 2)}\n`,
    'README.md': `# ${assembly}\n`,
    'CHANGELOG.md': `# Changelog\n\n## [${version}] - 2026-01-01\n\n- First line\n`,
    'LICENSE.md': 'MIT\n',
    [`Runtime/${assembly}.asmdef`]: `${JSON.stringify({ name: assembly }, null, 2)}\n`,
    'Runtime/Example.cs': `namespace ${assembly} { public static class Example { } }\n`,
    ...buildAssets(name, options.assets),
  };
  const files: Record<string, TreeFile> = {};
  const prefix = options.folder === undefined || options.folder === '' ? '' : `${options.folder}/`;
  for (const [path, content] of Object.entries(plain)) {
    files[prefix + path] = content;
    files[`${prefix}${path}.meta`] = meta(`${name}/${path}`);
  }
  files[`${prefix}Runtime.meta`] = folderMeta(`${name}/Runtime`);
  if (options.assets !== undefined) files[`${prefix}Assets.meta`] = folderMeta(`${name}/Assets`);
  for (const [path, content] of Object.entries(options.files ?? {})) files[prefix + path] = content;
  return files;
}

function buildAssets(name: string, assets: PackageOptions['assets']): Record<string, TreeFile> {
  const files: Record<string, TreeFile> = {};
  for (let index = 0; index < (assets?.count ?? 0); index++) {
    files[`Assets/asset-${index}.bytes`] = noise(`${name}-${index}`, assets?.bytesEach ?? 0);
  }
  return files;
}

/** Makes pseudo-random bytes from a seed: they do not compress, and they are the same every time. */
export function noise(seed: string, bytes: number): Buffer {
  return createHash('shake256', { outputLength: Math.max(1, bytes) })
    .update(seed)
    .digest();
}

function guid(seed: string): string {
  return createHash('md5').update(seed).digest('hex');
}

export function meta(seed: string): string {
  return `fileFormatVersion: 2\nguid: ${guid(seed)}\nDefaultImporter:\n  externalObjects: {}\n`;
}

export function folderMeta(seed: string): string {
  return `fileFormatVersion: 2\nguid: ${guid(seed)}\nfolderAsset: yes\nDefaultImporter:\n  externalObjects: {}\n`;
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
