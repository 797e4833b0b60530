import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RepositoryId } from '../../domain/repository/repository.ts';
import { bareConfig, makeBareFolder } from './bare-folder.ts';

/** The bare repository that we keep of one registered repository. */
export interface Mirror {
  readonly id: RepositoryId;
  readonly folder: string;
  /** Work on it right now; it is not evicted. */
  users: number;
  usedAt: number;
  bytes: number;
  /** Counts how often its folder was made: what was opened before belongs to another one. */
  generation: number;
  /** Fetches run one after the other. */
  queue: Promise<unknown>;
  /** As the git host last said; undefined before the first contact. */
  defaultBranch: string | undefined;
  /** By the monotonic clock, the last time in this process. */
  branchAskedAt: number | undefined;
  /** What the git host was last willing to leave out of a fetch. */
  leftOut: LeftOut;
  /** By the monotonic clock, when it was last made anew in this process. */
  remadeAt: number | undefined;
}

/** Files that a fetch of branches leaves to be asked for by their ids; from the most that a host can do to the least. */
export const leftOuts = ['large-files', 'all-files', 'nothing'] as const;
export type LeftOut = (typeof leftOuts)[number];

export interface Mirrors {
  /** Runs `work` on the mirror, which is there and not evicted meanwhile. */
  use<T>(id: RepositoryId, work: (mirror: Mirror) => Promise<T>): Promise<T>;
  saveDefaultBranch(mirror: Mirror, branch: string): Promise<void>;
  saveLeftOut(mirror: Mirror, leftOut: LeftOut): Promise<void>;
  /** After a fetch: measures it and removes those unused for longest while all are too large together. */
  settle(mirror: Mirror): Promise<void>;
  /** Throws it away; the next use starts from nothing. */
  discard(mirror: Mirror): Promise<void>;
  /** Puts a new one in its place that `fill` gets from the git host; false when `fill` could not, and the old one stays. */
  replace(mirror: Mirror, fill: (folder: string) => Promise<boolean>): Promise<boolean>;
}

export interface MirrorsOptions {
  readonly folder: string;
  readonly maxBytesTotal: number;
  readonly now: () => number;
  readonly monotonic: () => number;
}

const branchFile = 'publisher-default-branch';
const leftOutFile = 'publisher-left-out';

export function openMirrors(options: MirrorsOptions): Mirrors {
  return new MirrorFolder(options);
}

class MirrorFolder implements Mirrors {
  readonly #options: MirrorsOptions;
  readonly #known = new Map<RepositoryId, Promise<Mirror>>();
  #scanned: Promise<void> | undefined;

  constructor(options: MirrorsOptions) {
    this.#options = options;
  }

  async use<T>(id: RepositoryId, work: (mirror: Mirror) => Promise<T>): Promise<T> {
    this.#scanned ??= this.#scan().catch((error: unknown) => {
      this.#scanned = undefined;
      throw error;
    });
    await this.#scanned;
    const found = this.#known.get(id) ?? Promise.resolve(blankMirror(id, this.#folderOf(id)));
    this.#known.set(id, found);
    const mirror = await found;
    mirror.users++;
    mirror.usedAt = this.#options.now();
    try {
      if (!(await isOurs(mirror.folder))) await inOrder(mirror, async () => this.#ensure(mirror));
      return await work(mirror);
    } finally {
      mirror.users--;
    }
  }

  async saveDefaultBranch(mirror: Mirror, branch: string): Promise<void> {
    mirror.branchAskedAt = this.#options.monotonic();
    if (mirror.defaultBranch === branch) return;
    mirror.defaultBranch = branch;
    await writeFile(join(mirror.folder, branchFile), branch);
  }

  async saveLeftOut(mirror: Mirror, leftOut: LeftOut): Promise<void> {
    if (mirror.leftOut === leftOut) return;
    mirror.leftOut = leftOut;
    await writeFile(join(mirror.folder, leftOutFile), leftOut);
  }

  async settle(mirror: Mirror): Promise<void> {
    mirror.bytes = await measurePacks(mirror.folder);
    const all = await Promise.all(this.#known.values());
    let total = all.reduce((sum, item) => sum + item.bytes, 0);
    for (const item of all.toSorted((a, b) => a.usedAt - b.usedAt)) {
      if (total <= this.#options.maxBytesTotal) return;
      if (item.users > 0) continue;
      total -= item.bytes;
      item.bytes = 0;
      await rm(item.folder, { recursive: true, force: true });
    }
  }

  async discard(mirror: Mirror): Promise<void> {
    await rm(mirror.folder, { recursive: true, force: true });
    await this.#ensure(mirror);
    mirror.remadeAt = this.#options.monotonic();
  }

  async replace(mirror: Mirror, fill: (folder: string) => Promise<boolean>): Promise<boolean> {
    const fresh = await this.#prepare(mirror);
    try {
      if (!(await fill(fresh))) return false;
      await this.#install(mirror, fresh);
      mirror.remadeAt = this.#options.monotonic();
      return true;
    } finally {
      await rm(fresh, { recursive: true, force: true });
    }
  }

  #folderOf(id: RepositoryId): string {
    return join(this.#options.folder, `${id}.git`);
  }

  async #scan(): Promise<void> {
    const { folder } = this.#options;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (const name of await readdir(folder)) {
      const id = /^(\d+)\.git$/.exec(name)?.[1];
      if (id !== undefined)
        this.#known.set(Number(id) as RepositoryId, this.#adoptOrForget(Number(id) as RepositoryId));
      else if (/^scratch-|\.tmp$/.test(name)) await rm(join(folder, name), { recursive: true, force: true });
    }
  }

  /** Never rejects: nobody may be waiting for this one yet, and a rejection that nobody awaits ends the process. */
  async #adoptOrForget(id: RepositoryId): Promise<Mirror> {
    return this.#adopt(id).catch(() => blankMirror(id, this.#folderOf(id)));
  }

  async #adopt(id: RepositoryId): Promise<Mirror> {
    const folder = this.#folderOf(id);
    await removeUnfinished(folder);
    const branch = await readFile(join(folder, branchFile), 'utf8').catch(() => undefined);
    const left = await readFile(join(folder, leftOutFile), 'utf8').catch(() => undefined);
    const leftOut = leftOuts.find((item) => item === left) ?? 'large-files';
    const usedAt = (await stat(folder)).mtimeMs;
    const bytes = await measurePacks(folder);
    return { ...blankMirror(id, folder), usedAt, bytes, defaultBranch: branch, leftOut };
  }

  async #ensure(mirror: Mirror): Promise<void> {
    if (await isOurs(mirror.folder)) return;
    await this.#install(mirror, await this.#prepare(mirror));
    mirror.branchAskedAt = undefined;
  }

  /** An empty one beside it, which knows what is known of the git host. */
  async #prepare(mirror: Mirror): Promise<string> {
    const fresh = `${mirror.folder}.tmp`;
    await rm(fresh, { recursive: true, force: true });
    await makeBareFolder(fresh);
    await writeFile(join(fresh, leftOutFile), mirror.leftOut);
    if (mirror.defaultBranch !== undefined) await writeFile(join(fresh, branchFile), mirror.defaultBranch);
    return fresh;
  }

  async #install(mirror: Mirror, fresh: string): Promise<void> {
    await rm(mirror.folder, { recursive: true, force: true });
    await rename(fresh, mirror.folder);
    mirror.generation++;
  }
}

/** Runs after everything that was queued on this mirror before. */
export async function inOrder<T>(mirror: Mirror, work: () => Promise<T>): Promise<T> {
  const result = mirror.queue.then(work);
  mirror.queue = result.catch(() => undefined);
  return result;
}

/** Bytes of all packs, unfinished ones included. */
export async function measurePacks(folder: string): Promise<number> {
  let bytes = 0;
  for (const name of await listPacks(folder)) {
    bytes += (await stat(join(packsOf(folder), name)).catch(() => undefined))?.size ?? 0;
  }
  return bytes;
}

/** Returns the names of the files that packs consist of, unfinished ones included. */
export async function listPacks(folder: string): Promise<readonly string[]> {
  return readdir(packsOf(folder)).catch(() => []);
}

/** Removes what a fetch brought that was too large, though it had come to its end: it must not count as held. */
export async function removePacksBut(folder: string, kept: readonly string[]): Promise<void> {
  for (const name of await listPacks(folder)) {
    if (!kept.includes(name)) await rm(join(packsOf(folder), name), { force: true });
  }
}

function packsOf(folder: string): string {
  return join(folder, 'objects', 'pack');
}

/** False: it is not there, or somebody else wrote to it. */
async function isOurs(folder: string): Promise<boolean> {
  if (!existsSync(join(folder, 'HEAD'))) return false;
  return (await readFile(join(folder, 'config'), 'utf8').catch(() => '')) === bareConfig;
}

function blankMirror(id: RepositoryId, folder: string): Mirror {
  return {
    id,
    folder,
    users: 0,
    usedAt: 0,
    bytes: 0,
    generation: 0,
    queue: Promise.resolve(),
    defaultBranch: undefined,
    branchAskedAt: undefined,
    leftOut: 'large-files',
    remadeAt: undefined,
  };
}

/** A git that was ended, or found no room, leaves locks and halves of packs. Only we work here: nobody holds them. */
export async function removeUnfinished(folder: string): Promise<void> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  for (const name of names) {
    // Only below objects/ are these names git's: a branch may be called so.
    const isUnfinished = /^objects\/(?:.*\/)?(?:tmp_|\.tmp-)[^/]*$/.test(name);
    if (name.endsWith('.lock') || isUnfinished)
      await rm(join(folder, name), { recursive: true, force: true });
  }
}
