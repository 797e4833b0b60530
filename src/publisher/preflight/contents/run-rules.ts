import type { Finding } from '../../../domain/job/report.ts';
import { severityRank } from '../../../domain/package/finding.ts';
import type { PackedEntry } from '../../../domain/package/tarball.ts';
import type { FileRule, Observation, PackageRule, Rule } from '../rules/rule.ts';
import type { PackedContents, PackedPackage } from './package.ts';
import { buildContentsReader, readMaxBytes } from './read-contents.ts';

/** Most findings that are listed for one rule; more of the same kind say nothing new. */
const findingsPerRule = 500;

/** Takes files one by one, in any order and each once for all rules; keeps what was found and no bytes. */
export interface PackageReader {
  wants(entry: PackedEntry): boolean;
  take(entry: PackedEntry, content: Buffer): void;
  /** Called once every wanted file was taken. */
  finish(entries: readonly PackedEntry[]): ReadPackage;
}

export interface ReadPackage {
  readonly contents: PackedContents;
  /** Findings of the rules that look at single files. */
  readonly findings: readonly Finding[];
}

export function buildPackageReader(rules: readonly Rule[]): PackageReader {
  const fileRules = rules.filter(isFileRule);
  const contents = buildContentsReader();
  const observed = new Map(fileRules.map((rule): [Rule, Observation[]] => [rule, []]));
  return {
    wants: (entry) =>
      entry.bytes <= readMaxBytes && (contents.wants(entry) || fileRules.some((rule) => rule.wants(entry))),
    take: (entry, content) => {
      if (contents.wants(entry)) contents.take(entry, content);
      for (const rule of fileRules) {
        if (!rule.wants(entry)) continue;
        observed.get(rule)?.push(...rule.checkFile({ ...entry, content }));
      }
    },
    finish: (entries) => ({
      contents: contents.finish(entries),
      findings: [...observed].flatMap(([rule, found]) => nameFindings(rule, found)),
    }),
  };
}

/** How many files are read at the same time; each may be as large as the largest file that is read. */
const readsAtOnce = 8;

/** Reads the files of a folder that the rules want. */
export async function readPackage(
  rules: readonly Rule[],
  entries: readonly PackedEntry[],
  read: (path: string) => Promise<Uint8Array>,
): Promise<ReadPackage> {
  const reader = buildPackageReader(rules);
  const wanted = entries.filter((entry) => reader.wants(entry)).values();
  const readOn = async (): Promise<void> => {
    for (const entry of wanted) {
      const { buffer, byteOffset, byteLength } = await read(entry.path);
      reader.take(entry, Buffer.from(buffer, byteOffset, byteLength));
    }
  };
  await Promise.all(Array.from({ length: readsAtOnce }, readOn));
  return reader.finish(entries);
}

/** Returns the findings of all rules: blocking ones first, then in the order of the rules and of the files. */
export async function judgePackage(
  rules: readonly Rule[],
  packed: PackedPackage,
  ofFiles: readonly Finding[],
): Promise<readonly Finding[]> {
  const findings = [...ofFiles];
  for (const rule of rules.filter(isPackageRule)) {
    findings.push(...nameFindings(rule, await rule.check(packed)));
    // A rule may take long over ten thousand files, so other work gets its turn in between.
    await new Promise((resolve) => setImmediate(resolve));
  }
  const place = new Map(rules.map((rule, index) => [rule.id, index]));
  return findings.sort(
    (a, b) =>
      severityRank[a.severity] - severityRank[b.severity] ||
      (place.get(a.rule) ?? 0) - (place.get(b.rule) ?? 0) ||
      compareText(a.file ?? '', b.file ?? ''),
  );
}

function nameFindings(rule: Rule, observed: readonly Observation[]): readonly Finding[] {
  const named = observed
    .slice(0, findingsPerRule)
    .map((item): Finding => ({ ...item, rule: rule.id, severity: item.severity ?? rule.severity }));
  const rest = observed.slice(findingsPerRule);
  if (rest.length === 0) return named;
  const rated = rest.map((item) => item.severity ?? rule.severity);
  const severity = (['block', 'warn'] as const).find((level) => rated.includes(level)) ?? 'info';
  const message = `${rest.length} more findings of ${rule.id} are not listed; correct those that are first`;
  return [...named, { rule: rule.id, severity, message }];
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function isFileRule(rule: Rule): rule is FileRule {
  return 'checkFile' in rule;
}

function isPackageRule(rule: Rule): rule is PackageRule {
  return 'check' in rule;
}
