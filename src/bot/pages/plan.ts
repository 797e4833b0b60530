import type { PackageReport } from '../../domain/job/report.ts';
import type { Embed, EmbedField } from '../../ports/chat.ts';
import { wouldPublish } from '../../publisher/dispatch/dry-run.ts';
import type { Plan } from '../../publisher/operations/plan-publish.ts';
import { type Reply, replyOf } from '../interactions/reply.ts';
import {
  countFindings,
  isFolded,
  listFinding,
  listGroups,
  shownSeverities,
  wordGroup,
  wordOverride,
} from '../messages/findings.ts';
import { colors, commitLink, field, type Links, packagesShown, withFields } from '../messages/look.ts';
import { outcomeSigns } from '../messages/signs.ts';
import { inert, type Pen, takePen } from '../text/text.ts';
import { attachText, shownName } from './lists.ts';

const groupsShown = 4;
/** Characters reserved for the line that says how many more there are. */
const moreMax = 60;

/** Lists the packages of a plan that a publish would send. */
export function listWanted(plan: Plan): readonly PackageReport[] {
  return plan.packages.filter((item) => wouldPublish(item));
}

/** Shows what a publish of a commit would do, package by package; long plans go into a file. */
export function renderPlan(plan: Plan, links: Links, at: number): Reply {
  const pen = takePen();
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
  const shown = telling.slice(0, packagesShown).map((item) => describe(item, pen));
  const fitted = withFields(
    base,
    shown.length > 0 ? shown : others.slice(0, packagesShown).map((item) => describe(item, pen)),
    moreMax,
  );
  const isWhole =
    !pen.hasCut() &&
    fitted.left === 0 &&
    fitted.embed.fields.length === plan.packages.length &&
    !hasMore(plan);
  const left = plan.packages.length - fitted.embed.fields.length;
  const more = left > 0 ? `\n+ ${left} more, attached` : '';
  return replyOf({
    embeds: [{ ...fitted.embed, description: `${fitted.embed.description}${more}` }],
    files: isWhole ? [] : [attachText('dry-run', plan.packages.flatMap(listPackage))],
  });
}

function hasMore(plan: Plan): boolean {
  return plan.packages.some((item) => {
    const groups = listGroups(item, shownSeverities);
    const isLong = groups.length > groupsShown || (item.title ?? '').length > 200;
    return isLong || groups.some(isFolded) || item.findings.some(({ severity }) => severity === 'info');
  });
}

function describe(item: PackageReport, pen: Pen): EmbedField {
  const sign = wouldPublish(item) ? '📦' : outcomeSigns[item.outcome];
  const tag = item.distTag === null ? '' : ` → ${inert(item.distTag, 80)}`;
  const name = `${sign} ${shownName(item.name)} ${inert(item.version ?? '', 60)}${tag}`.trim();
  const groups = listGroups(item, shownSeverities).slice(0, groupsShown);
  const lines = [
    wouldPublish(item) ? wordFrom(item, pen) : wordWhyNot(item, pen),
    ...(item.override === undefined ? [] : [`🔓 let through ${wordOverride(item.override, pen)}`]),
    ...groups.map((group) => wordGroup(group, pen, 120)),
    ...(item.remedy === null ? [] : [`→ ${pen.write(item.remedy, 200)}`]),
  ];
  return field(name, lines.join('\n'));
}

function wordFrom({ previousVersion, findings }: PackageReport, pen: Pen): string {
  const from =
    previousVersion === null ? 'new package' : `${pen.write(previousVersion, 60)} is on the registry`;
  const found = countFindings(findings);
  return found === '' ? from : `${from}, ${found}`;
}

/** Words why a package is not published. The findings follow below, so the first one is not repeated here. */
function wordWhyNot({ reason, title, outcome, findings }: PackageReport, pen: Pen): string {
  if (reason === 'preflight-rejected') return `cannot be published: ${countFindings(findings)}`;
  return pen.write(title ?? outcome, 250);
}

function listPackage(item: PackageReport): readonly string[] {
  return [
    `${wouldPublish(item) ? 'publish' : item.outcome}  ${item.name} ${item.version ?? ''}  (${item.path === '' ? 'root' : item.path})`,
    ...(item.previousVersion === null ? [] : [`  on the registry: ${item.previousVersion}`]),
    ...(item.distTag === null ? [] : [`  dist-tag: ${item.distTag}`]),
    ...(item.title === null ? [] : [`  ${item.title}`]),
    ...(item.remedy === null ? [] : [`  → ${item.remedy}`]),
    ...item.findings.map((finding) => `  ${listFinding(finding)}`),
    '',
  ];
}
