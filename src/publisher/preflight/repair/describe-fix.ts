import type { PackageReport } from '../../../domain/job/report.ts';
import type { RepairStep } from './plan-repair.ts';

const filesListed = 100;

/**
 * Words the pull request for the people who merge it. Names and paths are as committed, and have no effect in the
 * text.
 */
export function describeFix(
  { name, version }: Pick<PackageReport, 'name' | 'version'>,
  steps: readonly RepairStep[],
  rest: { readonly isStopped: boolean; readonly leaves: readonly string[] },
): string {
  const sections = steps.map(({ rule, does, files }) => {
    const listed = files.slice(0, filesListed).map((path) => `- ${code(path)}`);
    const left = files.length - listed.length;
    return [
      `### ${code(rule)}\n`,
      `The publisher ${does}:\n`,
      ...listed,
      ...(left > 0 ? [`- and ${left} more`] : []),
    ].join('\n');
  });
  const intro = `This repairs what was found in ${code(name)} ${code(version ?? '?')}, as far as that takes no judgement. ${wordAfter(rest)}`;
  return [intro, ...sections].join('\n\n');
}

function wordAfter({ isStopped, leaves }: Parameters<typeof describeFix>[2]): string {
  if (!isStopped) return 'What was published stays as it is; the next version has the repair.';
  if (leaves.length === 0)
    return 'That version was stopped; it is published after merging, without another bump.';
  const rules = leaves.map(code).join(', ');
  return `That version was stopped. ${rules} is left to you; once that is corrected too, it is published without another bump.`;
}

/** Quotes a text so that nothing gets out of the quotes: no mention, no link, no line break. */
function code(text: string): string {
  return `\`${text.replaceAll(/[`\p{Cc}\p{Cf}]/gu, '·').slice(0, 200)}\``;
}
