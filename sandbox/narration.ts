import { styleText } from 'node:util';
import type { LogLine } from './process.ts';
import type { JobShown } from './world.ts';

/** What each stage of a job is for, in the order in which a reader meets them. */
const stageTexts: Readonly<Record<string, string>> = {
  fetch: 'fetching the commit and proving that it is on the branch',
  list: 'listing its files',
  'read-manifests': 'reading the package.json files that changed',
  judge: 'asking the registry what is there, and deciding',
  'stage-files': 'taking the committed files',
  pack: 'packing',
  preflight: 'checking what was packed',
  'record-intent': 'writing down what will be sent',
  publish: 'sending it, once',
  'read-back': 'reading it back and comparing integrity',
};

const colors: Readonly<Record<string, 'green' | 'yellow' | 'red' | 'gray'>> = {
  published: 'green',
  failed: 'red',
  withdrawn: 'red',
  held: 'yellow',
  'not-attempted': 'yellow',
};

export function heading(text: string): void {
  process.stdout.write(`\n${styleText('bold', text)}\n`);
}

export function say(text: string): void {
  process.stdout.write(`  ${text}\n`);
}

/** Prints progress as it happens: one line per stage. */
export function narrateLine({ msg, job, stage, package: name, status }: LogLine): void {
  if (msg === 'stage') {
    const text = stageTexts[stage ?? ''];
    const subject = name === undefined ? '' : `${name}: `;
    if (text !== undefined) say(styleText('gray', `#${job} ${subject}${text}`));
  }
  if (msg === 'job finished') say(`#${job} finished: ${status}`);
}

export function showJob(job: JobShown): void {
  const order = ['published', 'failed', 'held', 'withdrawn', 'not-attempted', 'skipped', 'excluded'];
  const rows = job.packages.toSorted((a, b) => order.indexOf(a.outcome) - order.indexOf(b.outcome));
  for (const item of rows.filter((row) => row.outcome !== 'unchanged')) {
    const color = colors[item.outcome] ?? 'gray';
    const version = item.version === null ? '' : ` ${item.version}`;
    const tag = item.distTag === null ? '' : ` (${item.distTag})`;
    say(`${styleText(color, item.outcome.padEnd(13))} ${item.name}${version}${tag}`);
    if (item.title !== null) say(`${' '.repeat(14)}${item.title}`);
    if (item.remedy !== null) say(`${' '.repeat(14)}→ ${item.remedy}`);
    if (item.outcome === 'published') say(styleText('gray', `${' '.repeat(14)}${item.integrity}`));
  }
  const unchanged = rows.filter((row) => row.outcome === 'unchanged').length;
  if (unchanged > 0)
    say(`${styleText('gray', 'unchanged'.padEnd(13))} ${unchanged} other package(s), not looked at again`);
  if (job.failure !== null) {
    say(styleText('red', job.failure.title));
    say(`→ ${job.failure.remedy}`);
  }
}
