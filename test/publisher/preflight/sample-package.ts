import type { TreeFile } from '../../../sandbox/unity-repository.ts';
import { meta, unityPackage } from '../../../sandbox/unity-repository.ts';
import type { Finding } from '../../../src/domain/job/report.ts';
import { parseManifest } from '../../../src/domain/package/manifest.ts';
import type { IndexedVersion } from '../../../src/ports/preflight.ts';
import { foldersOf, isHidden } from '../../../src/publisher/preflight/contents/asset-paths.ts';
import type {
  CommittedFile,
  PackedPackage,
  Surroundings,
} from '../../../src/publisher/preflight/contents/package.ts';
import { judgePackage, readPackage } from '../../../src/publisher/preflight/contents/run-rules.ts';
import { indexVersion } from '../../../src/publisher/preflight/guid-index/index-version.ts';
import { rules } from '../../../src/publisher/preflight/rules/index.ts';

export const name = 'com.studio.core';
export const version = '1.2.0';

/** Differences from a small, correct package. */
export interface Sample {
  readonly version?: string;
  /** Fields of package.json; undefined removes one. */
  readonly manifest?: Readonly<Record<string, unknown>>;
  /** Additional or replaced files, each with its meta; undefined removes one, with its meta. */
  readonly files?: Readonly<Record<string, string | Buffer | undefined>>;
  /** Additional or replaced files without a meta. */
  readonly bare?: Readonly<Record<string, string | Buffer | undefined>>;
  /** Files that were committed but not packed, or committed with another mode. */
  readonly committed?: readonly CommittedFile[];
  readonly around?: Partial<Surroundings>;
  /** Pretended sizes of files, which no test wants to write out. */
  readonly bytes?: Readonly<Record<string, number>>;
}

export interface BuiltSample {
  readonly packed: PackedPackage;
  readonly findings: readonly Finding[];
}

type Files = ReadonlyMap<string, Buffer>;

export function filesOf({ manifest = {}, files = {}, bare = {}, version: own = version }: Sample): Files {
  const all = new Map<string, Buffer>();
  put(all, unityPackage(name, own, { manifest }));
  put(all, files);
  for (const [path, content] of Object.entries(files)) {
    put(all, { [`${path}.meta`]: content === undefined ? undefined : meta(`${name}/${path}`) });
    const visible = [...foldersOf([path])].filter((folder) => !isHidden(folder));
    for (const folder of visible) put(all, { [`${folder}.meta`]: meta(`${name}/${folder}`) });
  }
  put(all, bare);
  return all;
}

function put(all: Map<string, Buffer>, files: Readonly<Record<string, TreeFile | undefined>>): void {
  for (const [path, content] of Object.entries(files)) {
    if (content === undefined) all.delete(path);
    else all.set(path, Buffer.from(content as string));
  }
}

/** Runs every rule over a sample, as a publish does. */
export async function judge(sample: Sample): Promise<BuiltSample> {
  const files = filesOf(sample);
  const entries = [...files].map(([path, content]) => ({
    path,
    bytes: sample.bytes?.[path] ?? content.length,
  }));
  const read = async (path: string): Promise<Buffer> => files.get(path) ?? Promise.reject(new Error(path));
  const committed = [
    ...entries.map(({ path }): CommittedFile => ({ path, mode: '100644' })),
    ...(sample.committed ?? []),
  ];
  const parsed = parseManifest(files.get('package.json') ?? Buffer.alloc(0), 'package.json');
  if (parsed.kind !== 'unity') throw new Error('the sample has no manifest');
  const { contents, findings } = await readPackage(rules, entries, read);
  const packed: PackedPackage = {
    ...contents,
    manifest: parsed.manifest,
    ...surroundings,
    committed,
    ...sample.around,
  };
  return { packed, findings: await judgePackage(rules, packed, findings) };
}

export const surroundings: Omit<Surroundings, 'committed'> = {
  whyNot: { ignored: new Map(), idle: [] },
  besides: new Set(),
  previous: undefined,
  isFirst: true,
  relatives: new Set(),
  referenced: new Map(),
  installed: new Set(),
  publishedAbove: [],
  guidOwners: new Map(),
  assemblyOwners: new Map(),
  availability: new Map(),
  siblings: new Map(),
  scopes: ['com.studio'],
  ours: new Set(),
  isTrial: false,
  registryUrl: 'https://packages.studio.test/',
  tarballBytes: 20_000,
  sizeWarnBytes: 50_000_000,
  /** Finds secrets by the files' names only; the contents are tested with the scanner. */
  findSecrets: async (files) => ({
    found: files.flatMap(({ path, kind }) =>
      kind === undefined ? [] : [{ file: path, line: undefined, kind, fingerprint: path }],
    ),
    cut: [],
    stoppedAt: undefined,
  }),
};

/** Reads a sample as a version that is already on the registry. */
export async function indexSample(sample: Sample): Promise<IndexedVersion | undefined> {
  const files = filesOf(sample);
  const entries = [...files].map(([path, content]) => ({
    path,
    bytes: sample.bytes?.[path] ?? content.length,
  }));
  const availability = sample.around?.availability ?? new Map();
  const never = async (): Promise<never> => Promise.reject(new Error('not asked for'));
  return indexVersion(
    {
      index: {
        save: async () => undefined,
        saveUnreadable: async () => undefined,
        find: never,
        findOwners: never,
        findAssemblyOwners: never,
        listUnindexed: never,
      },
      files: {
        readFiles: async (_name, _version, visitor) => {
          for (const entry of entries) {
            const content = files.get(entry.path);
            if (content !== undefined && visitor.wants(entry)) visitor.take(entry, content);
          }
          return { kind: 'read', bytes: sample.around?.tarballBytes ?? 20_000, entries };
        },
      },
      registry: {
        url: surroundings.registryUrl,
        findPackument: async (dependency) =>
          availability.get(dependency) === 'no-such-version'
            ? { name: dependency, versions: new Map(), distTags: {}, repositoryUrl: undefined }
            : undefined,
      },
      scopes: surroundings.scopes,
      sizeWarnBytes: surroundings.sizeWarnBytes,
    },
    { name, version: sample.version ?? version },
    new AbortController().signal,
  );
}
