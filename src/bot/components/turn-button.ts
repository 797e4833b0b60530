import { listDrift } from '../../publisher/operations/list-drift.ts';
import type { BotContext } from '../interactions/context.ts';
import type { Handler } from '../interactions/handler.ts';
import { confirmButtons } from '../interactions/proposal.ts';
import { type Reply, replyOf } from '../interactions/reply.ts';
import { wordRefusal } from '../messages/refusals.ts';
import { attachText } from '../pages/lists.ts';
import { olderVersion } from '../pages/proposals.ts';
import { renderJobs } from '../pages/scheduled-jobs.ts';
import { turnOnProposal } from '../proposals/turn-on.ts';
import { code, plainLine, takeLines } from '../text/text.ts';

const shownMax = 1_500;

/**
 * Turns a scheduled job off at once; turning it on first shows what it would publish today and asks for confirmation.
 */
export const turnButton: Handler = {
  action: 'turn',
  access: 'operators',
  of: 'answer',
  acknowledge: 'update',
  press: async (context, { id: name, actor }) => {
    const { clock, schedule } = context;
    const job = (await schedule.list()).find((known) => known.name === name);
    if (job?.isTurnedOn === undefined) return olderVersion;
    if (job.isTurnedOn) {
      await schedule.turn(name, false, actor);
      const jobs = await schedule.list();
      return { replace: renderJobs(jobs, `${code(name, 100)} is off now.`, clock.now()) };
    }
    const preview = await previewPublish(context);
    const proposal = await turnOnProposal.propose(context, actor, { name });
    const buttons = confirmButtons(proposal, 'Turn on');
    return replyOf({ ...preview, content: `Turn ${code(name, 100)} on? ${preview.content}`, buttons });
  },
};

/** Previews the list that `/unpublished` shows, which a run would publish. */
async function previewPublish({ ask }: BotContext): Promise<Pick<Reply, 'content' | 'files'>> {
  const answer = await ask(listDrift, undefined);
  if (answer.kind !== 'drift') return { content: wordRefusal(answer), files: [] };
  const rows = answer.rows.filter((row) => row.isPublishable);
  if (rows.length === 0) return { content: 'Today it would publish nothing.', files: [] };
  const lines = rows.map((row) => `• ${code(row.name, 110)} ${code(row.headVersion ?? '', 40)}`);
  const { text, left } = takeLines(lines, shownMax);
  const content = `Today it would publish ${rows.length}:\n${text}`;
  if (left === 0) return { content, files: [] };
  const plain = rows.map((row) => plainLine(`${row.name} ${row.headVersion ?? ''} ${row.repository}`));
  return {
    content: `${content}\n+ ${left} more, attached`,
    files: [attachText('would-be-published', plain)],
  };
}
