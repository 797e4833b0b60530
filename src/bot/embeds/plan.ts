import type { PackageReport } from '../../domain/report.ts';
import type { Embed, EmbedField } from '../../ports/channel.ts';
import type { Plan } from '../../publisher/operations/operations.ts';
import { type Reply, replyOf } from '../reply.ts';
import { inert } from '../text.ts';
import { attachText, shownName } from './lists.ts';
import { colors, commitLink, field, type Links, packagesShown, withFields } from './look.ts';
import { outcomeSigns } from './signs.ts';

const findingsShown = 3;
/** Room kept for the line that says how many more there are. */
const moreMax = 60;

/** Packages of a plan that a publish would send. */
export function listWanted(plan: Plan): readonly PackageReport[] {
  return plan.packages.filter((item) => wouldPublish(item));
}

/** A plan sends nothing: what it would send is said as published, or as not attempted for want of a reason. */
function wouldPublish(item: PackageReport): boolean {
  return item.outcome === 'published' || (item.outcome === 'not-attempted' && item.reason === null);
}

/** What a publish of a commit would do, package by package; long plans go into a file. */
export function renderPlan(plan: Plan, links: Links, at: number): Reply {
  const wanted = listWanted(plan);
  const troubled = plan.packages.filter((item) => item.reason !== null);
  const others = plan.packages.filter((item) => !wouldPublish(item) && item.reason === null);
  const telling = [...wanted, ...troubled.filter((item) => !wanted.includes(item))];
  const base: Embed = {
    title: '🧪 Dry run: nothing was sent',
    color: troubled.length > 0 ? colors.waiting : colors.running,
    description: [
      `${inert(plan.repository, 200)} · ${inert(plan.branch, 120)} · ${commitLink(links, plan.repository, plan.commit)}`,
      `**${wanted.length}** would be published, **${troubled.length}** cannot, ${others.length} need nothing`,
    ].join('\n'),
    fields: [],
    footer: '',
    at,
  };
  const shown = telling.slice(0, packagesShown).map(describe);
  const fitted = withFields(
    base,
    shown.length > 0 ? shown : others.slice(0, packagesShown).map(describe),
    moreMax,
  );
  const isWhole = fitted.left === 0 && fitted.embed.fields.length === plan.packages.length && !hasMore(plan);
  const left = plan.packages.length - fitted.embed.fields.length;
  const more = left > 0 ? `\n+ ${left} more, attached` : '';
  return replyOf({
    embeds: [{ ...fitted.embed, description: `${fitted.embed.description}${more}` }],
    files: isWhole ? [] : [attachText('dry-run', plan.packages.flatMap(listPackage))],
  });
}

function hasMore(plan: Plan): boolean {
  return plan.packages.some(
    (item) => item.findings.length > findingsShown || (item.title ?? '').length > 200,
  );
}

function describe(item: PackageReport): EmbedField {
  const sign = wouldPublish(item) ? '📦' : outcomeSigns[item.outcome];
  const tag = item.distTag === null ? '' : ` → ${inert(item.distTag, 80)}`;
  const name = `${sign} ${shownName(item.name)} ${inert(item.version ?? '', 60)}${tag}`.trim();
  const findings = item.findings.slice(0, findingsShown).map((finding) => `• ${inert(finding.message, 120)}`);
  const lines = [
    wouldPublish(item) ? wordFrom(item) : inert(item.title ?? item.outcome, 250),
    ...findings,
    ...(item.remedy === null ? [] : [`→ ${inert(item.remedy, 200)}`]),
  ];
  return field(name, lines.join('\n'));
}

function wordFrom(item: PackageReport): string {
  return item.previousVersion === null
    ? 'new package'
    : `${inert(item.previousVersion, 60)} is on the registry`;
}

function listPackage(item: PackageReport): readonly string[] {
  return [
    `${wouldPublish(item) ? 'publish' : item.outcome}  ${item.name} ${item.version ?? ''}  (${item.path === '' ? 'root' : item.path})`,
    ...(item.previousVersion === null ? [] : [`  on the registry: ${item.previousVersion}`]),
    ...(item.distTag === null ? [] : [`  dist-tag: ${item.distTag}`]),
    ...(item.title === null ? [] : [`  ${item.title}`]),
    ...(item.remedy === null ? [] : [`  → ${item.remedy}`]),
    ...item.findings.map((finding) => `  ${finding.severity}  ${finding.rule}  ${finding.message}`),
    '',
  ];
}
