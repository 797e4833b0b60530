import type { DriftRow } from '../../domain/package/drift.ts';
import { listBlocking } from '../../domain/package/finding.ts';
import type { Embed } from '../../ports/chat.ts';
import type { ScanAnswer } from '../../publisher/operations/scan-repository.ts';
import { type Reply, replyOf } from '../interactions/reply.ts';
import { listDrift, wordDrift } from '../pages/drift-line.ts';
import { attachText, listField, type ShownList, shownName } from '../pages/lists.ts';
import { wordSettings } from '../pages/repository.ts';
import { inert, type Pen, takePen } from '../text/text.ts';
import { countFindings, listFinding, listGroups, shownSeverities, wordGroup } from './findings.ts';
import { colors, commitLink, field, type Links, packagesShown, withFields } from './look.ts';
import { driftOrder, driftWords } from './signs.ts';

const reasonsShown = 6;

/** Shows the packages at the head of a repository that somebody wants to register. */
export function renderScan({ scan, repository }: ScanAnswer, links: Links, at: number): Reply {
  const pen = takePen();
  const publishable = scan.packages.filter((row) => row.isPublishable).length;
  const lists = [
    ...driftOrder.filter((kind) => kind !== 'excluded').flatMap((kind) => listKind(kind, scan.packages)),
    ...listExcluded(scan.packages),
    ...listContested(scan.contested),
    ...listPreflight(scan.preflight, pen),
  ];
  const base: Embed = {
    title: '🔎 What was found',
    color: scan.contested.length > 0 ? colors.waiting : colors.running,
    description: [
      `${inert(repository.slug, 200)} · ${inert(scan.branch, 120)} · ${commitLink(links, repository.slug, scan.commit)}`,
      `${scan.packages.length} found, **${publishable}** could be published now`,
    ].join('\n'),
    fields: [field('Settings', wordSettings(repository))],
    footer: '',
    at,
  };
  const fitted = withFields(
    base,
    lists.map((list) => list.field),
  );
  const left = fitted.left + lists.reduce((sum, list) => sum + list.left, 0);
  return replyOf({
    embeds: [fitted.embed],
    files: left === 0 && !pen.hasCut() ? [] : [attachText(repository.slug, listAll(scan))],
  });
}

function listKind(kind: DriftRow['kind'], rows: readonly DriftRow[]): readonly ShownList[] {
  const lines = rows
    .filter((row) => row.kind === kind)
    .map((row) => wordDrift(row, { withRepository: false }));
  if (lines.length === 0) return [];
  const { sign, words } = driftWords[kind];
  return [listField(`${sign} ${lines.length} ${words}`, lines, kind === 'equal' ? 3 : packagesShown)];
}

/** Lists one line per reason, so a hundred vendored packages take one line. */
function listExcluded(rows: readonly DriftRow[]): readonly ShownList[] {
  const excluded = rows.filter((row) => row.kind === 'excluded');
  if (excluded.length === 0) return [];
  const byReason = Map.groupBy(excluded, (row) => row.detail ?? 'no reason known');
  const lines = [...byReason].map(([reason, items]) => {
    const names = items.slice(0, 3).map((row) => shownName(row.name));
    const more = items.length > 3 ? ` and ${items.length - 3} more` : '';
    return `${inert(reason, 160)}: ${names.join(', ')}${more}`;
  });
  const list = listField(`🚫 ${excluded.length} excluded`, lines, reasonsShown);
  const isWhole = [...byReason.values()].every((items) => items.length <= 3);
  return [isWhole ? list : { ...list, left: list.left + 1 }];
}

function listContested(contested: ScanAnswer['scan']['contested']): readonly ShownList[] {
  if (contested.length === 0) return [];
  const lines = contested.map(({ name, holders }) => `${shownName(name)}: ${inert(holders, 200)}`);
  const hint = 'decide with `/register edit` and `owns`';
  return [listField(`👥 ${contested.length} of contested ownership: ${hint}`, lines, packagesShown)];
}

/** Lists the findings that a publish of the head would get; packages without findings are left out. */
function listPreflight(packages: ScanAnswer['scan']['preflight'], pen: Pen): readonly ShownList[] {
  if (packages === undefined) {
    return [listField('🧪 Not checked in time', ['A dry run (`/publish`) tells what preflight finds.'], 1)];
  }
  const found = packages
    .filter(({ findings }) => countFindings(findings) !== '')
    .toSorted((a, b) => listBlocking(b).length - listBlocking(a).length);
  if (found.length === 0) return [];
  const lines = found.map((item) => {
    const [worst] = listGroups(item, shownSeverities);
    const words = worst === undefined ? '' : `: ${wordGroup(worst, pen, 120)}`;
    return `**${shownName(item.name)}** ${countFindings(item.findings)}${words}`;
  });
  const stopped = found.filter((item) => listBlocking(item).length > 0).length;
  const heading =
    stopped === 0 ? 'nothing would stop a publish' : `${stopped} could not be published as they are`;
  const list = listField(`🧪 Preflight: ${heading}`, lines, reasonsShown);
  const isWhole = found.every(({ findings }) => findings.length <= 1);
  return [isWhole ? list : { ...list, left: list.left + 1 }];
}

function listAll(scan: ScanAnswer['scan']): readonly string[] {
  return [
    ...scan.packages.map(listDrift),
    ...scan.contested.map(({ name, holders }) => `contested  ${name}  ${holders}`),
    ...(scan.preflight ?? [])
      .filter(({ findings }) => findings.length > 0)
      .flatMap(({ name, findings }) => ['', name, ...findings.map((finding) => `  ${listFinding(finding)}`)]),
  ];
}
