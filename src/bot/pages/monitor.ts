import type { MonitorNotice, Trouble } from '../../domain/failure/trouble.ts';
import type { Embed, Message } from '../../ports/chat.ts';
import { colors, withFields } from '../messages/look.ts';
import { inert, wordAgo, wordDuration } from '../text/text.ts';
import { attachText, listField } from './lists.ts';

const shownMax = 8;

/** Builds one message about what keeps the service from working: only what is new, each with its remedy. */
export function renderMonitor(notice: MonitorNotice): Message {
  const { troubles, stillOpen, at } = notice;
  const lines = troubles.map((trouble) => `• ${wordTrouble(trouble)}\n  → ${wordRemedy(trouble)}`);
  const head = troubles.length === 1 ? 'One thing is wrong' : `${troubles.length} things are wrong`;
  const list = listField(head, lines, shownMax);
  const embed: Embed = {
    title: '🩺 The publisher needs a look',
    color: colors.waiting,
    description: stillOpen === 0 ? '' : `+ ${stillOpen} told before, still so`,
    fields: [],
    footer: `monitor · ${new Date(at).toISOString()}`,
    at,
  };
  const [first] = troubles;
  const content = first === undefined || troubles.length > 1 ? `🩺 ${head}` : `🩺 ${wordTrouble(first)}`;
  return {
    content,
    embeds: [withFields(embed, [list.field]).embed],
    buttons: [],
    files: list.left === 0 ? [] : [attachText('monitor', lines)],
  };
}

function wordTrouble(trouble: Trouble): string {
  switch (trouble.kind) {
    case 'many-failures':
      return `${trouble.failed} of the last ${trouble.ended} jobs failed`;
    case 'slow':
      return `#${trouble.job} of ${inert(trouble.repository, 120)} took ${wordDuration(trouble.durationMs)}`;
    case 'stuck-job': {
      const what = trouble.status === 'running' ? 'runs' : 'waits for nothing that is known';
      return `#${trouble.job} of ${inert(trouble.repository, 120)} ${what} since ${wordAgo(trouble.since)}`;
    }
    case 'dispatcher-failing':
      return `The dispatcher of ${inert(trouble.repository, 120)} failed ${trouble.runs} times within a day`;
    case 'deliveries-lost':
      return `${trouble.count} webhooks did not arrive and were asked for again`;
    case 'deliveries-unknown':
      return `Whether webhooks were lost cannot be seen: ${inert(trouble.detail, 150)}`;
    case 'messages-wait': {
      const why = trouble.detail === undefined ? '' : `: ${inert(trouble.detail, 150)}`;
      return `${trouble.count} messages wait since ${wordAgo(trouble.since)}${why}`;
    }
  }
}

const remedies: Readonly<Record<Trouble['kind'], string>> = {
  'many-failures': 'Look at /status: is it one cause or many?',
  slow: 'Its Details show which stage took the time.',
  'stuck-job': 'Look at the log of this job; a restart gives it back to the queue.',
  'dispatcher-failing': 'Read the runs under Actions of this repository.',
  'deliveries-lost': 'Nothing to do when it happens once; otherwise look at PUBLIC_URL and the proxy.',
  'deliveries-unknown': 'Look at /status: credentials of the git host.',
  'messages-wait': 'Mend what /readyz says under discord; they are told afterwards.',
};

function wordRemedy({ kind }: Trouble): string {
  return remedies[kind];
}
