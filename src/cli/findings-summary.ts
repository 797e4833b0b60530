import type { PackageReport } from '../domain/job/report.ts';
import { groupFindings } from '../domain/package/finding.ts';

const filesShown = 5;
/** Control and format characters that a terminal or a CI log would act on. */
const unsafe = /[\p{Cc}\p{Cf}]/gu;

/**
 * Summarises the findings in packed files for a terminal: by package and rule, blocking first. Returns '' when there
 * are none.
 */
export function summarizeFindings(packages: readonly PackageReport[]): string {
  const found = packages.filter(({ findings }) => findings.some(({ severity }) => severity !== 'info'));
  const lines = found.flatMap((item) => ['', titleOf(item), ...listGroups(item)]);
  return lines.length === 0 ? '' : `${lines.map(plain).join('\n')}\n`;
}

function titleOf({ name, version, outcome, reason, findings }: PackageReport): string {
  const blocking = findings.filter(({ severity }) => severity === 'block').length;
  const what = blocking === 0 ? outcome : `${blocking} blocking`;
  return `${name} ${version ?? ''}: ${reason === 'preflight-rejected' ? what : outcome}`;
}

function listGroups({ findings }: PackageReport): readonly string[] {
  return groupFindings(findings).flatMap(({ rule, severity, loweredBy, findings: [first, ...others] }) => {
    const count = others.length === 0 ? '' : ` (${others.length + 1} times)`;
    const lowered = loweredBy === undefined ? '' : `, lowered by ${loweredBy}`;
    const files = others.flatMap(({ file }) => file ?? []);
    const shown = files.slice(0, filesShown).map((file) => `         also ${file}`);
    const more = files.length > filesShown ? [`         … and ${files.length - filesShown} more`] : [];
    return [
      `  ${severity.padEnd(5)}  ${rule}${count}${lowered}`,
      `         ${first.message}`,
      ...shown,
      ...more,
    ];
  });
}

function plain(line: string): string {
  return line.replaceAll(unsafe, ' ').toWellFormed();
}
