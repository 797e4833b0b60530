import type { JobFinished } from '../../domain/announcement/announcement.ts';
import type { PackageReport } from '../../domain/job/report.ts';
import type { AttachedFile, Embed, EmbedField, Message } from '../../ports/chat.ts';
import { type Followed, publishedButtons } from '../components/published-buttons.ts';
import { userOf } from '../interactions/person.ts';
import { cut, inert, limits, type Pen, takeLines, takePen } from '../text/text.ts';
import { factFields } from './fact-fields.ts';
import { isFolded, listGroups, wordGroup, wordOverride, wordRepaired } from './findings.ts';
import { wordFirstChanges } from './first-changes.ts';
import { describeHeld, namesShown } from './held.ts';
import { colors, field, footerOf, type Links, packagesShown, withFields } from './look.ts';
import { attachList, wordPublished } from './package-list.ts';
import { wordRetry } from './retried.ts';

const linesMax = 3_000;
const warningsShown = 5;
const overridesShown = 3;

const notFollowed: Followed = { settled: [] };

/** Builds the final state of a job's live message: what is on the registry now. */
export function renderPublished(ended: JobFinished, links: Links, followed: Followed = notFollowed): Message {
  const pen = takePen();
  const published = ended.packages.filter((item) => item.outcome === 'published');
  const lines = published
    .slice(0, packagesShown)
    .map((item) => wordPublished(item, ended, links, pen) + wordFirstChanges(item, published.length));
  const shown = takeLines(lines, linesMax);
  const left = shown.left + published.length - lines.length;
  const embed: Embed = {
    title: titleOf(ended, published.length, followed),
    color: colorOf(ended, published.length),
    description: cut(describe(ended, shown.text, left, followed, pen), limits.description),
    fields: [],
    footer: footerOf(ended.job, ended.repository, ended.dispatchId),
    at: ended.finishedAt,
  };
  const fitted = withFields(embed, [
    ...factFields(ended, links),
    ...overrideFields(ended, pen),
    ...repairedFields(ended, pen),
    ...warningFields(ended, pen),
    ...leftOutFields(ended, pen),
  ]);
  const isWhole =
    left === 0 &&
    fitted.left === 0 &&
    [listWarnings(ended, pen), listExcluded(ended), listSuperseded(ended)].every(
      ({ length }) => length <= warningsShown,
    ) &&
    !hasFolded(ended) &&
    ended.held.length <= namesShown &&
    !pen.hasCut();
  const files: readonly AttachedFile[] = isWhole ? [] : [attachList(ended)];
  return {
    content: contentOf(ended, published.length, followed),
    embeds: [fitted.embed],
    buttons: publishedButtons(ended, links, followed),
    files,
  };
}

/** Returns true when findings are shown only by their rule, or overrides do not all fit. */
function hasFolded({ packages }: JobFinished): boolean {
  const overrides = packages.filter(({ override }) => override !== undefined);
  return (
    overrides.length > overridesShown || packages.some((item) => listGroups(item, ['warn']).some(isFolded))
  );
}

function describe(ended: JobFinished, lines: string, left: number, followed: Followed, pen: Pen): string {
  const parts = [
    lines,
    left > 0 ? `… and ${left} more, all in the attached list` : '',
    wordUnpublished(ended, pen),
    ...(isFailure(ended) ? [] : describeHeld(ended, followed.settled, pen)),
    ...wordRest(ended, followed),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function isFailure({ status }: JobFinished): boolean {
  return status === 'failed' || status === 'partially-failed';
}

/** Words what was not published and is in the reply; for a failed job, also what it held. */
function wordUnpublished(ended: JobFinished, pen: Pen): string {
  const { counts, status } = ended;
  if (status === 'cancelled') return wordCancelled(ended, pen);
  const states = isFailure(ended) ? ['failed', 'withdrawn', 'held'] : ['failed', 'withdrawn'];
  const count = states.reduce((sum, state) => sum + (counts[state] ?? 0), 0);
  if (count > 0) return `⚠️ ${count} not published, see the reply`;
  return status === 'failed' ? 'See the reply' : '';
}

function wordRest(ended: JobFinished, followed: Followed): readonly string[] {
  if (isHeldOnly(ended)) return wordFollowed(followed);
  const isNothing = ended.status === 'nothing-to-publish' || ended.status === 'shadowed';
  return isNothing ? [listCounts(ended)] : [];
}

/** Returns true when nothing was published but held versions will continue by themselves. */
function isHeldOnly({ held, status }: JobFinished): boolean {
  return status === 'nothing-to-publish' && held.length > 0;
}

function wordFollowed({ retried, settled }: Followed): readonly string[] {
  if (retried !== undefined) return [wordRetry(retried)];
  return settled.length > 0 ? [] : ['Nothing to do here: it goes on by itself as soon as that is there.'];
}

function wordCancelled(ended: JobFinished, pen: Pen): string {
  const by = ended.cancelledBy ?? '';
  const user = userOf(by);
  const who = `Cancelled by ${user === undefined ? pen.write(by, 100) : `<@${user}>`}.`;
  const notAttempted = ended.counts['not-attempted'] ?? 0;
  const rest =
    notAttempted === 0 ? '' : ` ${notAttempted} not attempted; an upload that was on its way may still land.`;
  return `${who}${rest} What is on the registry stays there.`;
}

/** Words counts such as `3 skipped, 2 excluded`, for the person who asked. */
function listCounts(ended: JobFinished): string {
  return Object.entries(ended.counts)
    .map(([state, count]) => `${count} ${state}`)
    .join(', ');
}

function titleOf(ended: JobFinished, count: number, { settled }: Followed): string {
  const { counts, status } = ended;
  if (status === 'cancelled') return count > 0 ? `⏹️ Cancelled after ${count} published` : '⏹️ Cancelled';
  if (count > 1) return `📦 Package Published Successfully (${count} packages)`;
  if (count === 1) return '📦 Package Published Successfully';
  if (isHeldOnly(ended)) {
    return settled.length < (counts['held'] ?? 0)
      ? '⏸️ Waits for other packages'
      : '▶️ Waited for other packages';
  }
  if (status === 'shadowed') return '👻 Shadow mode: nothing was sent';
  return status === 'failed' ? '❌ Nothing was published' : 'Nothing to publish';
}

function colorOf({ status }: JobFinished, count: number): number {
  if (status === 'published') return colors.published;
  if (count > 0) return colors.waiting;
  return status === 'failed' ? colors.failed : colors.running;
}

function contentOf(ended: JobFinished, count: number, followed: Followed): string {
  if (count === 0 || ended.status === 'cancelled') {
    return `${titleOf(ended, count, followed)}: ${inert(ended.repository, 150)}`;
  }
  const [only] = ended.packages.filter((item) => item.outcome === 'published');
  const what =
    count === 1 && only !== undefined
      ? `${inert(only.name, 230)} ${inert(only.version ?? '', 130)}`
      : `${count} packages of ${inert(ended.repository, 150)}`;
  return `📦 ${what}`;
}

function warningFields(ended: JobFinished, pen: Pen): readonly EmbedField[] {
  const warnings = listWarnings(ended, pen);
  if (warnings.length === 0) return [];
  const lines = warnings.slice(0, warningsShown);
  const more = warnings.length - lines.length;
  return [field('Warnings', [...lines, ...(more > 0 ? [`… and ${more} more, attached`] : [])].join('\n'))];
}

/**
 * Builds fields for versions left out: an exclusion only when it begins, and once a version that came after a newer
 * commit.
 */
function leftOutFields(ended: JobFinished, pen: Pen): readonly EmbedField[] {
  return [
    ...noteFields('Not published from here', listExcluded(ended), 80, pen),
    ...noteFields('Left out', listSuperseded(ended), 160, pen),
  ];
}

function noteFields(
  title: string,
  items: readonly PackageReport[],
  noteMax: number,
  pen: Pen,
): readonly EmbedField[] {
  if (items.length === 0) return [];
  const lines = items
    .slice(0, warningsShown)
    .map((item) => `${pen.write(item.name, 100)}: ${pen.write(item.title ?? '', noteMax)}`);
  const more = items.length - lines.length;
  return [field(title, [...lines, ...(more > 0 ? [`… and ${more} more, attached`] : [])].join('\n'))];
}

function listExcluded(ended: JobFinished): readonly PackageReport[] {
  return ended.packages.filter((item) => item.outcome === 'excluded');
}

function listSuperseded(ended: JobFinished): readonly PackageReport[] {
  return ended.packages.filter((item) => item.reason === 'superseded');
}

function listWarnings(ended: JobFinished, pen: Pen): readonly string[] {
  return ended.packages.flatMap((item) => [
    ...item.warnings.map((warning) => `⚠️ ${pen.write(`${item.name}: ${warning}`, 180)}`),
    ...listGroups(item, ['warn'])
      .filter(({ loweredBy }) => loweredBy !== 'repair')
      .map((group) => wordGroup(group, pen, 150, item.name)),
  ]);
}

/** Builds fields for repairs that differ between tarball and commit, and how the repository gets them. */
function repairedFields(ended: JobFinished, pen: Pen): readonly EmbedField[] {
  const lines = ended.packages.flatMap((item) =>
    listGroups(item, ['warn'])
      .filter(({ loweredBy }) => loweredBy === 'repair')
      .map((group) => `🔧 ${pen.write(item.name, 80)}: ${wordRepaired(group, pen)}`),
  );
  if (lines.length === 0) return [];
  const shown = lines.slice(0, warningsShown);
  const more = lines.length - shown.length;
  const rest = [
    ...(more > 0 ? [`… and ${more} more, attached`] : []),
    'The repository is as it was: **Propose fix** opens a pull request with the same repair.',
  ];
  return [field('Repaired while packing', [...shown, ...rest].join('\n'))];
}

/** Builds fields that say who let a version through, and why. */
function overrideFields(ended: JobFinished, pen: Pen): readonly EmbedField[] {
  const lines = ended.packages.flatMap(({ name, outcome, override }) =>
    override === undefined || outcome !== 'published'
      ? []
      : [`🔓 ${pen.write(name, 100)} ${wordOverride(override, pen)}`],
  );
  if (lines.length === 0) return [];
  const shown = lines.slice(0, overridesShown);
  const more = lines.length - shown.length;
  return [field('Let through', [...shown, ...(more > 0 ? [`… and ${more} more, attached`] : [])].join('\n'))];
}
