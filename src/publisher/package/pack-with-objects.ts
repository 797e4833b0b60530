import type { Finding } from '../../domain/job/report.ts';
import { mayBePointer, parsePointer } from '../../domain/package/lfs-pointer.ts';
import type { PackedEntry } from '../../domain/package/tarball.ts';
import type { PointerFile } from '../../ports/git.ts';
import type { Packed, PackRequest, StagingFolder } from '../../ports/packing.ts';
import type { Run } from '../run/pipeline.ts';
import type { BuildDeps } from './deps.ts';

export interface FetchedObjects {
  /** Pointers that were replaced by their contents. */
  readonly fetched: readonly PointerFile[];
  /** Why each of the other pointers was not replaced, by path. */
  readonly missing: ReadonlyMap<string, string>;
}

export interface PackedWithObjects extends Packed {
  readonly objects: FetchedObjects;
}

/**
 * Packs, and packs once more with the contents from Git LFS if some files are pointers: contents that do not ship are
 * not requested. `known` objects were fetched before. Throws what the packer throws, and Outage('git-host').
 */
export async function packWithObjects(
  deps: Pick<BuildDeps, 'packer' | 'lfs' | 'limits'>,
  run: Run,
  folder: StagingFolder,
  request: PackRequest,
  known?: FetchedObjects,
): Promise<PackedWithObjects> {
  const { name } = request.manifest;
  const pack = async (): Promise<Packed> =>
    run.stage('pack', name, async () => deps.packer.pack(request, run.signal));
  const packed = await pack();
  if (known !== undefined) return { ...packed, objects: known };
  const objects = await fetchLfsObjects(deps, run, name, packed.entries, folder);
  return { ...(objects.fetched.length === 0 ? packed : await pack()), objects };
}

/**
 * Explains in each finding about a pointer why the pointer is still there, and adds a finding for every fetched
 * object.
 */
export function explainObjects(
  findings: readonly Finding[],
  { fetched, missing }: FetchedObjects,
): readonly Finding[] {
  const explained = findings.map((finding): Finding => {
    const why = finding.rule === 'lfs.pointer' ? missing.get(finding.file ?? '') : undefined;
    return why === undefined ? finding : { ...finding, message: `${finding.message} (${why})` };
  });
  const told = fetched.map(({ path, bytes }): Finding => {
    const message = `${path} is the content of its Git LFS pointer, ${bytes} bytes`;
    return { rule: 'lfs.pointer', severity: 'info', file: path, message };
  });
  return [...explained, ...told];
}

async function fetchLfsObjects(
  deps: Pick<BuildDeps, 'lfs' | 'limits'>,
  run: Run,
  name: string,
  entries: readonly PackedEntry[],
  folder: StagingFolder,
): Promise<FetchedObjects> {
  const { files, missing } = await findPointers(entries, folder);
  if (files.length === 0) return { fetched: [], missing };
  const absent = await run.stage('fetch-lfs', name, async () =>
    deps.lfs.fetch(run.job.slug, files, folder.folder, deps.limits.sizeMaxBytes, run.signal),
  );
  for (const { path, why } of absent) missing.set(path, why);
  return { fetched: files.filter(({ path }) => !missing.has(path)), missing };
}

async function findPointers(
  entries: readonly PackedEntry[],
  folder: StagingFolder,
): Promise<{ readonly files: readonly PointerFile[]; readonly missing: Map<string, string> }> {
  const files: PointerFile[] = [];
  const missing = new Map<string, string>();
  for (const { path, bytes } of entries) {
    if (!mayBePointer(bytes)) continue;
    const parsed = parsePointer((await folder.read(path)).toString('latin1'));
    if (parsed.kind === 'pointer') files.push({ path, ...parsed.pointer });
    if (parsed.kind === 'unreadable') missing.set(path, 'the pointer cannot be read');
  }
  return { files, missing };
}
