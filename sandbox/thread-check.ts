import { setTimeout as sleep } from 'node:timers/promises';
import type { DiscordDouble, MessageView } from 'discord-stand-in';
import type { JobShown } from './world.ts';

/** How long a message may take after its job is over. */
const usualMs = 20_000;

const titles = { published: 'Package Published Successfully', failed: 'Package Publish Failed' } as const;

/** Returns the titles that the thread must show for a job that ended like this. */
function expectedOf({ status }: Pick<JobShown, 'status'>): readonly (keyof typeof titles)[] {
  if (status === 'published') return ['published'];
  if (status === 'failed') return ['failed'];
  return status === 'partially-failed' ? ['published', 'failed'] : [];
}

export interface ThreadLine {
  readonly text: string;
  readonly isThere: boolean;
}

/** Returns one line for each message that the job must have in the thread, with whether it came in time. */
export async function checkThread(
  discord: DiscordDouble,
  job: Pick<JobShown, 'job' | 'status'>,
  withinMs = usualMs,
): Promise<readonly ThreadLine[]> {
  return Promise.all(
    expectedOf(job).map(async (kind) => {
      const message = await arrives(discord, withinMs, (seen) => isAbout(seen, job.job, titles[kind]));
      const text = message?.content ?? `#${job.job} has no message “${titles[kind]}”`;
      return { text, isThere: message !== undefined };
    }),
  );
}

function isAbout({ embeds, deleted }: MessageView, job: number, title: string): boolean {
  const isOfJob = embeds.some((embed) => embed.footer?.text.startsWith(`#${job} · `));
  return !deleted && isOfJob && embeds.some((embed) => embed.title?.includes(title));
}

async function arrives(
  discord: DiscordDouble,
  withinMs: number,
  fits: (message: MessageView) => boolean,
): Promise<MessageView | undefined> {
  const inTime = new AbortController();
  try {
    return await Promise.race([
      discord.waitForMessage(fits),
      sleep(withinMs, undefined, { signal: inTime.signal }),
    ]);
  } finally {
    inTime.abort();
  }
}
