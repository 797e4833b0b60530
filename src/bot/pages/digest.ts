import type { CheckedPart, Digest } from '../../domain/announcement/digest.ts';
import { wordAnomaly } from '../../domain/job/anomaly.ts';
import type { PublishedLine } from '../../domain/job/work-summary.ts';
import type { Embed, EmbedField, Message, Picture } from '../../ports/chat.ts';
import { colors, field, type Links, packagesShown, withFields } from '../messages/look.ts';
import { wordFailureLine } from '../messages/open-failure.ts';
import { driftOrder, driftWords } from '../messages/signs.ts';
import { inert, wordAgo, wordDuration } from '../text/text.ts';
import { drawDays } from './chart/draw-days.ts';
import { listDigest } from './digest-file.ts';
import { attachText, listField, type ShownList, shownName } from './lists.ts';

const shown = {
  published: packagesShown,
  failures: 6,
  parked: 5,
  anomalies: 5,
  credentials: 5,
  runs: 6,
  reasons: 5,
} as const;

/**
 * Builds the daily message: what happened, what is open, what is unusual, what comes next, and a chart of thirty days.
 */
export function renderDigest(digest: Digest, links: Links): Message {
  const day = new Date(digest.to).toISOString();
  const lists = [
    ...listFailures(digest, links),
    ...listAnomalies(digest.check),
    ...listParked(digest),
    ...listExpiring(digest),
    ...listPublished(digest.published),
  ];
  const embed: Embed = {
    title: '🗞️ Daily digest',
    color: colorOf(digest),
    description: describe(digest),
    fields: [],
    footer: `digest · ${day}`,
    at: digest.to,
  };
  const fitted = withFields(embed, [
    ...lists.map((list) => list.field),
    ...wordingFields(digest),
    ...driftFields(digest.check),
    ...runFields(digest),
  ]);
  const isWhole = fitted.left === 0 && lists.every(({ left }) => left === 0);
  return {
    content: `🗞️ ${wordCounts(digest)}`,
    embeds: [fitted.embed],
    buttons: [],
    files: isWhole ? [] : [attachText(`digest-${day.slice(0, 10)}`, listDigest(digest))],
    picture: pictureOf(digest, day.slice(0, 10)),
  };
}

function colorOf({ failures, check, parked, expiring }: Digest): number {
  if (failures.length > 0) return colors.failed;
  const open = (check?.anomalies.length ?? 0) + parked.length + expiring.length;
  return open > 0 ? colors.waiting : colors.published;
}

function wordCounts({ published, failures, check }: Digest): string {
  const anomalies = check?.anomalies.length ?? 0;
  return [
    published.length === 0 ? 'Nothing published' : `${count(published.length, 'version')} published`,
    ...(failures.length === 0 ? [] : [`${failures.length} failed and still open`]),
    ...(anomalies === 0 ? [] : [count(anomalies, 'new anomaly', 'new anomalies')]),
  ].join(' · ');
}

function describe(digest: Digest): string {
  const { from, to, jobs } = digest;
  const slowest =
    jobs.slowest === undefined
      ? ''
      : ` · slowest #${jobs.slowest.job} ${wordDuration(jobs.slowest.durationMs)}`;
  const failed = jobs.failed === 0 ? '' : `, ${jobs.failed} of them failed`;
  return `${wordTime(from)} to ${wordTime(to)}\n${count(jobs.ended, 'job')} ended${failed}${slowest}`;
}

function wordTime(epochMs: number): string {
  return `<t:${Math.floor(epochMs / 1000)}:f>`;
}

function listPublished(published: readonly PublishedLine[]): readonly ShownList[] {
  if (published.length === 0) return [];
  const byName = Map.groupBy(published, ({ name }) => name);
  const lines = [...byName].map(([name, items]) => {
    const versions = [...new Set(items.map(({ version }) => inert(version, 40)))];
    const more = versions.length > 3 ? ` + ${versions.length - 3} more` : '';
    return `**${shownName(name)}** ${versions.slice(0, 3).join(', ')}${more}`;
  });
  const list = listField(
    `📦 ${count(published.length, 'version')} of ${count(byName.size, 'package')} published`,
    lines,
    shown.published,
  );
  const isWhole = [...byName.values()].every((items) => items.length <= 3);
  return [isWhole ? list : { ...list, left: list.left + 1 }];
}

function listFailures({ failures, olderFailures }: Digest, links: Links): readonly ShownList[] {
  if (failures.length + olderFailures === 0) return [];
  const lines = failures.map((failure) => wordFailureLine(failure, links));
  const older = `${olderFailures} from before`;
  if (lines.length === 0) return [toldBefore(`❌ Still open: ${older}`)];
  const more = olderFailures === 0 ? '' : ` (and ${older})`;
  return [listField(`❌ ${lines.length} failed and still open${more}`, lines, shown.failures)];
}

function listAnomalies(check: CheckedPart | undefined): readonly ShownList[] {
  if (check === undefined || check.anomalies.length + check.olderAnomalies === 0) return [];
  const lines = check.anomalies.map((anomaly) => {
    const { sentence, remedy } = wordAnomaly(anomaly);
    return `• ${inert(sentence, 260)}\n  → ${remedy}`;
  });
  const older = `${check.olderAnomalies} told before`;
  if (lines.length === 0) return [toldBefore(`🔎 Anomalies still there: ${older}`)];
  const more = check.olderAnomalies === 0 ? '' : ` (and ${older})`;
  return [
    listField(`🔎 ${count(lines.length, 'new anomaly', 'new anomalies')}${more}`, lines, shown.anomalies),
  ];
}

function toldBefore(name: string): ShownList {
  return {
    field: field(name, 'An earlier digest says which; `/status` shows what waits for a person.'),
    left: 0,
  };
}

function listParked({ parked }: Digest): readonly ShownList[] {
  if (parked.length === 0) return [];
  const lines = parked.map(
    ({ job, repository, waitingFor, since }) =>
      `#${job} ${inert(repository, 120)} waits for ${inert(waitingFor, 60)} since ${wordAgo(since)}`,
  );
  return [listField(`🅿️ ${count(parked.length, 'job')} parked`, lines, shown.parked)];
}

function listExpiring({ expiring }: Digest): readonly ShownList[] {
  if (expiring.length === 0) return [];
  const lines = expiring.map(({ what, expiresAt }) => `${inert(what, 120)} expires ${wordAgo(expiresAt)}`);
  return [listField('🔑 Credentials to renew', lines, shown.credentials)];
}

function driftFields(check: CheckedPart | undefined): readonly EmbedField[] {
  if (check === undefined) return [];
  const lines = driftOrder
    .filter((kind) => check.drift[kind] > 0 && kind !== 'excluded')
    .map((kind) => `${driftWords[kind].sign} ${check.drift[kind]} ${driftWords[kind].words}`);
  const unknown =
    check.unknownNames === 0
      ? []
      : [`The registry did not answer for ${check.unknownNames} of ${check.names} names`];
  const unread =
    check.unreadRepositories === 0
      ? []
      : [`${check.unreadRepositories} of ${count(check.repositories, 'repository', 'repositories')} unread`];
  return [
    field('Packages', [...lines, ...unknown, ...unread, `looked ${wordAgo(check.at)}`].join('\n'), true),
  ];
}

function wordingFields({ wordedByRule = [] }: Digest): readonly EmbedField[] {
  if (wordedByRule.length === 0) return [];
  const lines = wordedByRule
    .slice(0, shown.reasons)
    .map(({ why, times }) => `${times} × the model ${inert(why, 120)}`);
  const times = wordedByRule.reduce((sum, item) => sum + item.times, 0);
  return [field(`📝 ${count(times, 'changelog')} worded by rules, not by the model`, lines.join('\n'))];
}

function runFields({ nextRuns }: Digest): readonly EmbedField[] {
  if (nextRuns.length === 0) return [];
  const lines = nextRuns.slice(0, shown.runs).map(({ name, at }) => `${inert(name, 60)} ${wordAgo(at)}`);
  return [field('Next runs', lines.join('\n'), true)];
}

function pictureOf({ days }: Digest, day: string): Picture {
  const published = days.reduce((sum, item) => sum + item.published, 0);
  const failed = days.reduce((sum, item) => sum + item.failed, 0);
  const slowest = Math.max(0, ...days.map((item) => item.slowestMs ?? 0));
  const took = slowest === 0 ? '' : `; the slowest publish took ${wordDuration(slowest)}`;
  const alt = `Bars and lines of the last ${days.length} days (UTC): ${published} versions published, ${failed} failed${took}.`;
  return { name: `days-until-${day}.png`, svg: drawDays(days), alt };
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
