import { z } from 'zod';
import { requestPublish } from '../../publisher/operations/request-publish.ts';
import type { Asked, BotContext } from '../interactions/context.ts';
import { defineProposal } from '../interactions/proposal.ts';
import { replyOf } from '../interactions/reply.ts';
import { commitLink } from '../messages/look.ts';
import { wordRefusal } from '../messages/refusals.ts';
import { wordStatus } from '../messages/signs.ts';
import { attachText } from '../pages/lists.ts';
import { code, takeLines } from '../text/text.ts';

const shape = z.object({ names: z.array(z.string()) });

const shownMax = 1_900;

/** Publishes the packages chosen from the list of unpublished ones, one by one by name, so that each is judged. */
export const publishManyProposal = defineProposal(
  'publish-many',
  shape,
  async (context, { names }, asked) => {
    const lines: string[] = [];
    for (const name of names) lines.push(await requestOne(context, name, asked));
    const shown = takeLines(lines, shownMax);
    const more = shown.left === 0 ? '' : `\n+ ${shown.left} more, attached`;
    const reply = replyOf({
      content: `${shown.text}${more}`,
      files: shown.left === 0 ? [] : [attachText('queued', lines)],
    });
    return { reply, note: `${lines.length} asked for` };
  },
);

async function requestOne(context: BotContext, name: string, asked: Asked): Promise<string> {
  const target = { kind: 'package', name } as const;
  const request = { target, ref: undefined, allowLower: false, by: asked.actor };
  const answer = await context.ask(requestPublish, request);
  if (answer.kind !== 'queued') return `❌ ${code(name, 220)}: ${wordRefusal(answer)}`;
  const link = commitLink(context.links, answer.repository, answer.commit);
  const state = answer.duplicate
    ? `already job #${answer.job} (${wordStatus(answer.status)})`
    : `job #${answer.job}`;
  return `⏳ ${code(name, 220)}: ${state} · ${code(answer.repository, 150)} ${link}`;
}
