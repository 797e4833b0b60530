import { z } from 'zod';
import { defineProposal } from '../interactions/proposal.ts';
import { say } from '../interactions/reply.ts';
import { code, wordAgo } from '../text/text.ts';

/** Turns on a scheduled job that is off by default. */
export const turnOnProposal = defineProposal(
  'turn-on',
  z.object({ name: z.string() }),
  async ({ schedule }, { name }, { actor }) => {
    const isDone = await schedule.turn(name, true, actor);
    const shown = code(name, 100);
    if (!isDone) return { reply: say(`${shown} is for the settings alone.`), note: 'nothing changed' };
    const job = (await schedule.list()).find((known) => known.name === name);
    const next = job?.nextAt === undefined ? '' : ` It runs ${wordAgo(job.nextAt)} for the first time.`;
    return { reply: say(`✅ ${shown} is on now.${next}`), note: `${name} is on now` };
  },
);
