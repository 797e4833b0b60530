import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gitSync } from './git-sync.ts';

export interface Imported {
  /** Folder of the bare clone. */
  readonly bare: string;
  /** Name prefixes of its packages: `com.company` of `com.company.tool`. */
  readonly scopes: readonly string[];
  remove(): void;
}

/** Clones a repository of the user's, with the user's own git settings and credentials. */
export function importRepository(where: string): Imported {
  const bare = mkdtempSync(join(tmpdir(), 'demo-import-'));
  const remove = (): void => rmSync(bare, { recursive: true, force: true });
  try {
    execFileSync('git', ['clone', '--quiet', '--bare', '--', where, bare], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const format = gitSync(['-C', bare, 'rev-parse', '--show-object-format']);
    if (format !== 'sha1') throw new Error(`${where} names its commits by ${format}: only sha1 is supported`);
    const scopes = findScopes(bare);
    if (scopes.length === 0)
      throw new Error(`${where} holds no package.json with a name such as com.company.tool`);
    return { bare, scopes, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

function findScopes(bare: string): readonly string[] {
  const paths = gitSync(['-C', bare, 'ls-tree', '-r', '-z', '--name-only', 'HEAD'])
    .split('\0')
    .filter((path) => path === 'package.json' || path.endsWith('/package.json'));
  const scopes = new Set<string>();
  for (const path of paths) {
    const text = gitSync(['-C', bare, 'cat-file', 'blob', `HEAD:${path}`]);
    const name = /"name"\s*:\s*"([a-z0-9_-]+\.[a-z0-9_-]+)[^"]*"/.exec(text)?.[1];
    if (name !== undefined && !name.startsWith('com.unity')) scopes.add(name);
  }
  return [...scopes];
}
