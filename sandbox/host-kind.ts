import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bareEnv } from './git-sync.ts';

const run = promisify(execFile);

/** How a git host stores a repository, and what it lets clients ask for. */
export interface HostKind {
  /**
   * How objects are stored before the repository is first served. `tidied`: one pack with a reachability bitmap and a
   * commit-graph, as `git gc` leaves a bare repository; later pushes lie beside it, as they do until the next `git
   * gc`.
   */
  readonly objects?: 'tidied' | 'loose' | 'many-packs' | 'commit-graph' | 'multi-pack-bitmap';
  /** Whether it supports filters, which leave files out of what it sends. */
  readonly filters?: boolean;
  /**
   * Which object ids may be asked for. Only protocol v0 enforces it, and over HTTP `tips` means `reachable` (git
   * 2.39).
   */
  readonly wants?: 'any' | 'reachable' | 'tips' | 'branches';
  readonly protocol?: 0 | 2;
  readonly objectFormat?: 'sha1' | 'sha256';
  /** Further lines of the repository's configuration. */
  readonly config?: string;
}

const allows = {
  any: '\tallowAnySHA1InWant = true\n',
  reachable: '\tallowReachableSHA1InWant = true\n',
  tips: '\tallowTipSHA1InWant = true\n',
  branches: '',
};
/** Largest number of objects of a push that stay loose; a larger push becomes a pack. */
const unpackLimits: Partial<Record<NonNullable<HostKind['objects']>, number>> = {
  loose: 1_000_000,
  'many-packs': 1,
  'multi-pack-bitmap': 1,
};

/** Returns the configuration beyond what `git init` writes. */
export function configOf({
  objects = 'tidied',
  filters = true,
  wants = 'any',
  config = '',
}: HostKind): string {
  const limit = unpackLimits[objects];
  const limits = limit === undefined ? '' : `[transfer]\n\tunpackLimit = ${limit}\n`;
  const served = `[uploadpack]\n\tallowFilter = ${filters}\n${allows[wants]}`;
  // Accepts shallow pushes: somebody who tries their own repository may have cloned it with `--depth`.
  const pushes = '[http]\n\treceivepack = true\n[receive]\n\tshallowUpdate = true\n';
  return `${served}${limits}${pushes}${config}`;
}

const tidyings: Record<NonNullable<HostKind['objects']>, readonly (readonly string[])[]> = {
  tidied: [
    // Does what `git gc` does, without its dozen processes; unreachable objects stay.
    ['-c', 'core.bigFileThreshold=1m', 'repack', '-A', '-d', '-b', '-q'],
    ['commit-graph', 'write', '--reachable'],
  ],
  loose: [],
  'many-packs': [],
  'commit-graph': [['commit-graph', 'write', '--reachable']],
  'multi-pack-bitmap': [['multi-pack-index', 'write', '--bitmap']],
};

/** Knows the kind of each repository of a folder; a repository without one has the host's kind. */
export class HostKinds {
  readonly #folder: string;
  readonly #usual: HostKind;
  readonly #kinds = new Map<string, HostKind>();
  readonly #tidied = new Map<string, Promise<void>>();

  constructor(folder: string, usual: HostKind) {
    this.#folder = folder;
    this.#usual = usual;
  }

  set(slug: string, kind: HostKind = this.#usual): HostKind {
    this.#kinds.set(slug, kind);
    return kind;
  }

  of(slug: string): HostKind {
    return this.#kinds.get(slug) ?? this.#usual;
  }

  /** Arranges the repository's objects as its kind says. */
  async tidy(slug: string): Promise<void> {
    const bare = this.#bareOf(slug);
    for (const args of tidyings[this.of(slug).objects ?? 'tidied']) {
      await run('git', ['-C', bare, ...args], { env: bareEnv });
    }
  }

  /**
   * Tidies up before the first read, because a real repository is older than its next push. A damaged one is served as
   * it is.
   */
  async firstTidied(slug: string): Promise<void> {
    if (!this.#tidied.has(slug) && !(await hasObjects(this.#bareOf(slug)))) return;
    const work = this.#tidied.get(slug) ?? this.tidy(slug).catch(() => undefined);
    this.#tidied.set(slug, work);
    return work;
  }

  #bareOf(slug: string): string {
    return join(this.#folder, `${slug}.git`);
  }
}

/** Returns false until something was pushed. */
async function hasObjects(bare: string): Promise<boolean> {
  const [objects, packs] = await Promise.all([
    readdir(join(bare, 'objects')),
    readdir(join(bare, 'objects', 'pack')).catch(() => []),
  ]);
  return packs.length > 0 || objects.some((name) => name.length === 2);
}
