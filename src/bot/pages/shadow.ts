import type { Announcement } from '../../domain/announcement/announcement.ts';
import type {
  Comparison,
  FileDifferences,
  PathList,
  ShadowFinding,
  ShadowSummary,
} from '../../domain/repository/shadow.ts';
import type { Embed, Message } from '../../ports/chat.ts';
import { colors } from '../messages/look.ts';
import { code, cut, inert, limits, plainLine, takeLines } from '../text/text.ts';
import { attachText } from './lists.ts';

type ShadowCompared = Extract<Announcement, { kind: 'shadow-compared' }>;

const linesMax = 3_600;

/** Shows what would have been published beside what the registry received: one message per repository. */
export function renderShadow(compared: ShadowCompared): Message {
  const { at, findings, repository } = compared;
  const worrying = findings.filter((finding) => !isSame(finding));
  const ordered = [...worrying, ...findings.filter(isSame)];
  const lines = takeLines(
    ordered.map((finding) => word(finding, forThread)),
    linesMax,
  );
  const more = lines.left === 0 ? '' : `\n+ ${lines.left} more, attached`;
  const same = findings.length - worrying.length;
  const title = worrying.length === 0 ? '🌓 Shadow mode agrees' : '🌓 Shadow mode found differences';
  const embed: Embed = {
    title,
    color: worrying.length === 0 ? colors.published : colors.waiting,
    description: `${lines.text}${more}`,
    fields: [],
    footer: cut(`${plainLine(repository)} · ${new Date(at).toISOString()}`, limits.footer),
    at,
  };
  const whole = ordered.map((finding) => word(finding, forFile));
  const isWhole = lines.left === 0 && findings.every(fits);
  return {
    content: `🌓 ${inert(repository, 200)}: ${same} as we would have published, ${worrying.length} not`,
    embeds: [embed],
    buttons: [],
    files: isWhole ? [] : [attachText(`${repository}-shadow`, whole)],
  };
}

/** Words a trial as one line for /status. */
export function wordTrial(trial: ShadowSummary): string {
  const { compared, differing, identical, overdue, unexpected, waiting } = trial;
  const late = overdue === 0 ? '' : ` (${overdue} for more than 48 h)`;
  return `🌓 Shadow: ${compared} compared, ${identical} the same, ${differing} differing · ${waiting} waiting${late} · ${unexpected} that we would not have published`;
}

function isSame(finding: ShadowFinding): boolean {
  if (finding.kind !== 'compared') return false;
  const { comparison, ourTag, tags } = finding;
  return ['identical', 'same-files'].includes(comparison.kind) && tags.includes(ourTag);
}

/** The format: short and inert for the thread, complete and plain for a file. */
interface Hand {
  readonly text: (text: string, max: number) => string;
  readonly strong: (text: string) => string;
  readonly path: (path: string) => string;
  readonly time: (at: number) => string;
  readonly pathsMax: number;
}

const forThread: Hand = {
  text: inert,
  strong: (text) => `**${text}**`,
  path: (path) => code(path, 80),
  time: (at) => `<t:${Math.floor(at / 1000)}:f>`,
  pathsMax: 4,
};
const forFile: Hand = {
  text: plainLine,
  strong: (text) => text,
  path: plainLine,
  time: (at) => new Date(at).toISOString(),
  pathsMax: Number.POSITIVE_INFINITY,
};

function word(finding: ShadowFinding, hand: Hand): string {
  const subject = hand.strong(`${hand.text(finding.name, 120)}@${hand.text(finding.version, 60)}`);
  switch (finding.kind) {
    case 'compared':
      return `${isSame(finding) ? '🟢' : '🟠'} ${wordCompared(finding, subject, hand)}`;
    case 'overdue': {
      const tag = hand.text(finding.ourTag, 40);
      return `⏳ Would have published ${subject} (${tag}) ${hand.time(finding.recordedAt)}; the other publisher has not published it`;
    }
    case 'unexpected': {
      const when = finding.receivedAt === undefined ? '' : ` ${hand.time(finding.receivedAt)}`;
      const why = hand.text(finding.why, 300);
      return `🔴 The registry received ${subject}${when}, and we would not have published it: ${why}`;
    }
  }
}

type Compared = Extract<ShadowFinding, { kind: 'compared' }>;

function wordCompared(
  { comparison, ourTag, receivedAt, tags }: Compared,
  subject: string,
  hand: Hand,
): string {
  const when = receivedAt === undefined ? '' : ` ${hand.time(receivedAt)}`;
  const there =
    tags.length === 0 ? 'has no dist-tag' : `is ${tags.map((tag) => hand.text(tag, 40)).join(', ')}`;
  const tagged = tags.includes(ourTag) ? '' : `; there it ${there}`;
  const ours = `Would have published ${subject} (${hand.text(ourTag, 40)})`;
  return `${ours}; the registry received it${when}; ${wordComparison(comparison, hand)}${tagged}`;
}

function wordComparison(comparison: Comparison, hand: Hand): string {
  switch (comparison.kind) {
    case 'identical':
      return 'identical';
    case 'same-files':
      return 'the same files, packed differently';
    case 'unreadable':
      return `it could not be compared (${hand.text(comparison.why, 200)})`;
    case 'different':
      return wordDifferences(comparison.differences, hand);
  }
}

function wordDifferences({ changed, fields, onlyOurs, onlyThere }: FileDifferences, hand: Hand): string {
  const differ = changed.total === 1 ? '1 file differs' : `${changed.total} files differ`;
  const inFields = fields.total === 0 ? '' : ` (${listSome(fields, hand, hand.path)})`;
  const wordChanged = (path: string): string =>
    path === 'package.json' ? `${hand.path(path)}${inFields}` : hand.path(path);
  return [
    ...(changed.total === 0 ? [] : [`${differ}: ${listSome(changed, hand, wordChanged)}`]),
    ...(onlyThere.total === 0
      ? []
      : [`${onlyThere.total} only there: ${listSome(onlyThere, hand, hand.path)}`]),
    ...(onlyOurs.total === 0 ? [] : [`${onlyOurs.total} only ours: ${listSome(onlyOurs, hand, hand.path)}`]),
  ].join('; ');
}

function listSome({ shown, total }: PathList, hand: Hand, wordPath: (path: string) => string): string {
  const some = shown.slice(0, hand.pathsMax);
  const more = total - some.length;
  const text = some.map(wordPath).join(', ');
  return more > 0 ? `${text} + ${more} more` : text;
}

/** Returns false when the rest must go into an attached file. */
function fits(finding: ShadowFinding): boolean {
  if (finding.kind !== 'compared' || finding.comparison.kind !== 'different') return true;
  return Object.values(finding.comparison.differences).every(({ total }) => total <= forThread.pathsMax);
}
