import type { PackageReport } from '../../domain/job/report.ts';
import { inert } from '../text/text.ts';

const lineMax = 140;

/** Returns the first lines of a version's changelog entry, marked when a model worded them; '' when there are none. */
export function wordFirstChanges(item: PackageReport, packages: number): string {
  const count = packages <= 3 ? 3 : packages <= 10 ? 1 : 0;
  const lines = (item.changelog ?? '').split('\n').filter((line) => /^ ?[-*+] \S/.test(line));
  const shown = lines
    .slice(0, count)
    .map((line) => `\n> ${inert(plainOf(line.slice(0, 4 * lineMax)), lineMax)}`);
  const mark = item.wordedByModel && shown.length > 0 ? '\n> 🤖 worded by a model' : '';
  return `${shown.join('')}${mark}`;
}

/** Reduces links to their text and escapes to their characters. */
function plainOf(line: string): string {
  return line
    .replace(/^ ?[-*+] /, '')
    .replaceAll(/\[([^[\]]*)\]\((?:[^()]|\([^()]*\))*\)/g, '$1')
    .replaceAll('**', '')
    .replaceAll(/\\([^\p{L}\p{N}\s])/gu, '$1');
}
