import type { Finding } from '../../../domain/job/report.ts';
import { isGate } from '../../../domain/package/finding.ts';
import { parseManifest } from '../../../domain/package/manifest.ts';
import type {
  GuidIndex,
  IndexedVersion,
  UnindexedVersion,
  VersionToIndex,
} from '../../../ports/preflight.ts';
import type { PublishedFiles, Registry } from '../../../ports/registry.ts';
import { visibleAssemblies } from '../contents/asmdef.ts';
import { assetOf } from '../contents/asset-paths.ts';
import { type DependencySources, lookUpDependencies } from '../contents/dependency-availability.ts';
import type { PackedContents, PackedPackage } from '../contents/package.ts';
import { buildPackageReader, judgePackage } from '../contents/run-rules.ts';
import { rules } from '../rules/index.ts';

export interface ReadVersionDeps {
  readonly files: Pick<PublishedFiles, 'readFiles'>;
  readonly registry: Pick<Registry, 'findPackument' | 'url'>;
  /** `scopes` from PACKAGE_SCOPES, `sizeWarnBytes` from PACKAGE_SIZE_WARN_MB. */
  readonly scopes: readonly string[];
  readonly sizeWarnBytes: number;
}

export interface IndexDeps extends ReadVersionDeps {
  readonly index: GuidIndex;
}

/** The result of reading a version from the registry, to be saved. */
export type ReadVersion =
  | { readonly kind: 'read'; readonly indexed: VersionToIndex }
  | { readonly kind: 'unreadable'; readonly version: UnindexedVersion; readonly problem: string };

/**
 * Rules whose findings are saved. Gates are left out: an earlier version never lowers them, so nobody needs their
 * findings.
 */
const remembered = rules.filter((rule) => !isGate(rule.id));

/** Builds what is saved of a version, from its files and what the rules found in them. */
export function toIndexed(
  manifest: Pick<PackedPackage['manifest'], 'name' | 'version' | 'fields'>,
  contents: PackedContents,
  findings: readonly Finding[],
): VersionToIndex {
  const { name, version, fields } = manifest;
  const guids = new Map<string, string>();
  for (const [path, { guid }] of contents.metas) if (guid !== undefined) guids.set(assetOf(path), guid);
  const { unity, dependencies } = fields;
  const ids = remembered.map((rule) => rule.id);
  return {
    name,
    version,
    guids,
    assemblies: visibleAssemblies(contents),
    fields: { unity, dependencies },
    findings: findings.filter((finding) => ids.includes(finding.rule)),
    rules: ids,
  };
}

/** Whether the version was checked with every rule that there is now. */
export function isJudgedByAll(version: IndexedVersion): boolean {
  return remembered.every((rule) => version.rules.includes(rule.id));
}

/**
 * Surroundings of a published version, which is judged by itself: without its commit, other versions and other
 * packages.
 */
const nothingAround = {
  committed: undefined,
  whyNot: { ignored: new Map(), idle: [] },
  besides: new Set<string>(),
  previous: undefined,
  isFirst: true,
  relatives: new Set<string>(),
  referenced: new Map(),
  installed: undefined,
  publishedAbove: [],
  ours: new Set<string>(),
  isTrial: false,
  guidOwners: new Map(),
  assemblyOwners: new Map(),
  siblings: new Map(),
  findSecrets: async () => Promise.reject(new Error('secrets are a gate, and no gate runs here')),
} as const;

/**
 * Dependency sources of a published version: it was published by itself, and nothing waits for what it lacks, so what
 * is unknown stays unknown.
 */
function sourcesOf({ registry }: ReadVersionDeps): DependencySources {
  return { registry, arriving: new Map(), isOurs: async () => false, wasPublished: async () => false };
}

/** Reads a version and saves it. Undefined when it cannot be read, which is saved too. Throws Outage('registry'). */
export async function indexVersion(
  deps: IndexDeps,
  version: UnindexedVersion,
  signal: AbortSignal,
): Promise<IndexedVersion | undefined> {
  const read = await readVersion(deps, version, signal);
  await keepVersion(deps.index, read);
  return read.kind === 'read' ? read.indexed : undefined;
}

export async function keepVersion(
  index: Pick<GuidIndex, 'save' | 'saveUnreadable'>,
  read: ReadVersion,
): Promise<void> {
  if (read.kind === 'read') await index.save(read.indexed);
  else await index.saveUnreadable(read.version, read.problem);
}

/**
 * Reads a version's tarball from the registry and runs the rules over it as if it were published now. Throws
 * Outage('registry').
 */
export async function readVersion(
  deps: ReadVersionDeps,
  { name, version }: UnindexedVersion,
  signal: AbortSignal,
): Promise<ReadVersion> {
  const unreadable = (problem: string): ReadVersion => ({
    kind: 'unreadable',
    version: { name, version },
    problem,
  });
  const reader = buildPackageReader(remembered);
  let manifestBytes: Buffer | undefined;
  const tarball = await deps.files.readFiles(
    name,
    version,
    {
      wants: (entry) => reader.wants(entry),
      take: (entry, content) => {
        if (entry.path === 'package.json') manifestBytes = content;
        reader.take(entry, content);
      },
    },
    signal,
  );
  if (tarball.kind === 'unreadable') return unreadable(tarball.problem);
  const parsed = parseManifest(manifestBytes ?? Buffer.alloc(0), 'package.json');
  if (parsed.kind !== 'unity') return unreadable('has no manifest of a Unity package');
  // The registry's name and version count, whatever the manifest says.
  const manifest = { ...parsed.manifest, name, version };
  const { contents, findings } = reader.finish(tarball.entries);
  const packed: PackedPackage = {
    ...contents,
    manifest,
    ...nothingAround,
    availability: await lookUpDependencies(sourcesOf(deps), manifest.dependencies, signal),
    scopes: deps.scopes,
    registryUrl: deps.registry.url,
    tarballBytes: tarball.bytes,
    sizeWarnBytes: deps.sizeWarnBytes,
  };
  const indexed = toIndexed(manifest, contents, await judgePackage(remembered, packed, findings));
  return { kind: 'read', indexed };
}
