import type { RepairStep } from './plan-repair.ts';

const filesListed = 100;

/** What the people of the repository read before they merge. Names and paths are as committed: inert here. */
export function describeFix(name: string, version: string | null, steps: readonly RepairStep[]): string {
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
  const intro = `This repairs what was found in ${code(name)} ${code(version ?? '?')}, as far as that takes no judgement. If that version was stopped, it is published after merging, without another bump.`;
  return [intro, ...sections].join('\n\n');
}

/** Nothing gets out of it: no mention, no link, no line break. */
function code(text: string): string {
  return `\`${text.replaceAll(/[`\p{Cc}\p{Cf}]/gu, '·').slice(0, 200)}\``;
}
