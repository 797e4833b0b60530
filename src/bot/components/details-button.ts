import type { PackageReport } from '../../domain/report.ts';
import type { FoundJob } from '../../ports/job-retries.ts';
import { listFinding } from '../embeds/findings.ts';
import { cut, limits, plainLine, wordDuration } from '../text.ts';
import type { ButtonHandler } from './button.ts';

const inlineMax = 1_900;

/** The stages of a job with their times, every finding, and its last log lines; for the presser only. */
export const detailsButton: ButtonHandler = {
  action: 'details',
  async press(context, job) {
    const found = await context.retries.findJob(job);
    if (found === undefined) return { content: `There is no job #${job} here.` };
    const text = describe(found, context.recentLog(job));
    // A fence inside of it would end the block.
    const block = `\`\`\`\n${text.replaceAll('`', 'ʼ')}\n\`\`\``;
    if (block.length <= inlineMax) return { content: block };
    const content = cut(
      `#${job} of ${found.repository}: ${found.report.status}, details attached`,
      limits.content,
    );
    return { content, files: [{ name: `job-${job}-details.txt`, text }] };
  },
};

function describe(found: FoundJob, log: readonly string[]): string {
  const { report } = found;
  const head = `#${report.job}  ${report.status}  ${found.repository}  ${found.commit}`;
  const stages = report.stages.map((stage) => {
    const took = stage.durationMs === undefined ? 'not finished' : wordDuration(stage.durationMs);
    return `${stage.stage.padEnd(16)} ${took.padStart(12)}  ${stage.package ?? ''}${stage.attempt > 1 ? `  attempt ${stage.attempt}` : ''}`;
  });
  const findings = report.packages.flatMap((item) => listFindings(item));
  return [head, '', ...stages, ...findings, '', ...log].join('\n').trim();
}

/** All of them, those for the curious included. */
function listFindings({ name, version, findings }: PackageReport): readonly string[] {
  if (findings.length === 0) return [];
  return [
    '',
    plainLine(`${name} ${version ?? ''}`),
    ...findings.map((finding) => `  ${listFinding(finding)}`),
  ];
}
