import type { Reminder } from '../../domain/announcement/reminder.ts';
import type { OpenFailure } from '../../domain/job/open-failure.ts';
import type { Button, Embed, Message, Pings } from '../../ports/chat.ts';
import { colors, commitLink, footerOf, type Links } from '../messages/look.ts';
import { listFailure, wordFailureLine, wordWhat } from '../messages/open-failure.ts';
import { cut, inert, limits, takeLines, wordAgo } from '../text/text.ts';
import { attachText } from './lists.ts';

const packagesShown = 5;
const linesMax = 3_000;

/** Shows a still open failure of an earlier day, as a reply to its original message. */
export function renderReminder(
  failure: OpenFailure,
  at: number,
  links: Links,
  extras: { readonly buttons: readonly Button[]; readonly pings: Pings },
): Message {
  const { job, dispatchId, repository, commit, finishedAt, packages, title } = failure;
  const lines = packages
    .slice(0, packagesShown)
    .map(
      (item) => `• **${inert(item.name, 120)} ${inert(item.version ?? '', 60)}**: ${inert(item.title, 300)}`,
    );
  const more = packages.length - lines.length;
  const embed: Embed = {
    title: '⏰ Still not published',
    color: colors.waiting,
    description: [
      `#${job} · ${inert(repository, 150)} · ${commitLink(links, repository, commit)} · failed ${wordAgo(finishedAt)}`,
      ...(title === undefined ? [] : [inert(title, 500)]),
      ...lines,
      ...(more > 0 ? [`… and ${more} more, attached`] : []),
    ].join('\n'),
    fields: [],
    footer: footerOf(job, repository, dispatchId, ' · reminder'),
    at,
  };
  const content = [
    `⏰ Still not published: ${inert(wordWhat(failure), 300)}`,
    ...extras.pings.users.map((id) => `<@${id}>`),
  ];
  return {
    content: content.join(' '),
    embeds: [embed],
    buttons: extras.buttons,
    files: more > 0 ? [attachText(`job-${job}`, listFailure(failure))] : [],
    pings: { users: extras.pings.users, roles: [] },
  };
}

/** Shows several failures as one list, so that reminders do not flood the thread. */
export function renderReminders({ failures, at }: Reminder, links: Links): Message {
  const shown = takeLines(
    failures.map((failure) => wordFailureLine(failure, links)),
    linesMax,
  );
  const more = shown.left === 0 ? '' : `\n+ ${shown.left} more, attached`;
  const embed: Embed = {
    title: `⏰ ${failures.length} failures are still open`,
    color: colors.waiting,
    description: cut(`${shown.text}${more}`, limits.description),
    fields: [],
    footer: `reminders · ${new Date(at).toISOString()}`,
    at,
  };
  return {
    content: `⏰ ${failures.length} failures of earlier days are still open`,
    embeds: [embed],
    buttons: [],
    files: shown.left === 0 ? [] : [attachText('still-open', failures.flatMap(listFailure))],
  };
}
