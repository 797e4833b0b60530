import type { Embed, Message } from '../../ports/chat.ts';
import { buildCancelButton } from '../components/cancel-button.ts';
import { inert } from '../text/text.ts';
import { colors, commitLink, field, footerOf, type Links, nameMax } from './look.ts';

/** The state of a running job that its live message shows. */
export interface JobProgress {
  readonly job: number;
  readonly dispatchId: string;
  readonly repository: string;
  readonly commit: string;
  readonly done: number;
  readonly total: number;
  /** The packages being worked on with their stages, newest last. */
  readonly stages: readonly { readonly package: string; readonly stage: string }[];
  /** The neighbour that is down, when the job waits for one. */
  readonly waitingFor: string | undefined;
  /** Epoch milliseconds. */
  readonly startedAt: number;
}

const barLength = 12;
const stagesShown = 4;

/** A map, because an object would find words for a stage named like one of its inherited properties. */
const stageWords: ReadonlyMap<string, string> = new Map([
  ['changelog', 'writing its changelog'],
  ['stage-files', 'taking its files'],
  ['pack', 'packing'],
  ['fetch-lfs', 'fetching its Git LFS objects'],
  ['preflight', 'checking'],
  ['sign', 'signing'],
  ['record-intent', 'about to send'],
  ['publish', 'sending'],
  ['read-back', 'verifying'],
]);

export function renderProgress(progress: JobProgress, links: Links): Message {
  const filled = progress.total === 0 ? 0 : Math.round((progress.done / progress.total) * barLength);
  const bar = `${'▰'.repeat(filled)}${'▱'.repeat(barLength - filled)} ${progress.done} of ${progress.total}`;
  const lines = progress.stages
    .slice(-stagesShown)
    .map((item) => `${inert(item.package, nameMax)}: ${stageWords.get(item.stage) ?? inert(item.stage, 40)}`);
  const waiting =
    progress.waitingFor === undefined ? [] : [`⏳ waiting for the ${inert(progress.waitingFor, 40)}`];
  const embed: Embed = {
    title: progress.waitingFor === undefined ? '🚀 Publishing' : '⏳ Publishing waits',
    color: progress.waitingFor === undefined ? colors.running : colors.waiting,
    description: [bar, ...waiting, ...lines].join('\n'),
    fields: [
      field('Repository', inert(progress.repository, 300), true),
      field('Commit', commitLink(links, progress.repository, progress.commit), true),
    ],
    footer: footerOf(progress.job, progress.repository, progress.dispatchId),
    at: progress.startedAt,
  };
  const content = `🚀 Publishing ${progress.total === 1 ? '1 package' : `${progress.total} packages`} of ${inert(progress.repository, 150)}`;
  return { content, embeds: [embed], buttons: [buildCancelButton(progress.job)], files: [] };
}
