import type { Finding } from '../../domain/report.ts';
import type { PackedPackage, Rule } from './rule.ts';

const rootTexts = /^(license|licence|readme|changelog|package\.json|third party notices)[^/]*$/i;
const bundleFolder = /\.(androidlib|bundle|framework|plugin)$/i;
/** Editors that still want metas inside native bundles (Unity manual, "Hidden assets"). */
const strictEditors = /^(2019\.|2020\.[12]$|2021\.[12]$|2022\.1$)/;

/** Packages from a registry are immutable: an asset without its `.meta` is ignored by Unity for ever (PVP-26-4). */
export const missingMetas: Rule = {
  id: 'meta.missing',
  check: async (packed) => findMissingMetas(packed),
};

function findMissingMetas(packed: PackedPackage): readonly Finding[] {
  const paths = new Set(packed.entries.map((entry) => entry.path));
  const unity = packed.manifest.fields['unity'];
  const checksBundles = typeof unity !== 'string' || strictEditors.test(unity);
  const findings: Finding[] = [];
  for (const subject of listSubjects(paths)) {
    if (isHidden(subject.path) || (!checksBundles && isInsideBundle(subject.path))) continue;
    if (paths.has(`${subject.path}.meta`)) continue;
    findings.push(describe(subject));
  }
  return findings;
}

interface Subject {
  readonly path: string;
  readonly isFolder: boolean;
}

function listSubjects(paths: ReadonlySet<string>): readonly Subject[] {
  const folders = new Set<string>();
  const subjects: Subject[] = [];
  for (const path of paths) {
    if (!path.endsWith('.meta')) subjects.push({ path, isFolder: false });
    for (let cut = path.lastIndexOf('/'); cut > 0; cut = path.lastIndexOf('/', cut - 1))
      folders.add(path.slice(0, cut));
  }
  for (const path of folders) subjects.push({ path, isFolder: true });
  return subjects;
}

function isHidden(path: string): boolean {
  if (path.endsWith('.tmp')) return true;
  return path
    .split('/')
    .some((part) => part.startsWith('.') || part.endsWith('~') || part.toLowerCase() === 'cvs');
}

function isInsideBundle(path: string): boolean {
  return path
    .split('/')
    .slice(0, -1)
    .some((part) => bundleFolder.test(part));
}

function describe({ path, isFolder }: Subject): Finding {
  const severity = !isFolder && rootTexts.test(path) ? 'warn' : 'block';
  const what = isFolder ? `folder ${path}` : path;
  return {
    rule: missingMetas.id,
    severity,
    file: path,
    message: `${what} has no ${path}.meta; open the project in Unity once and commit the .meta file it makes`,
  };
}
