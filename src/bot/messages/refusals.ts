import type { NotFound, Refused } from '../../publisher/operations/answers.ts';
import { type Reply, say } from '../interactions/reply.ts';
import { code, inert } from '../text/text.ts';

const nouns: Readonly<Record<NotFound['what'], string>> = {
  package: 'package',
  repository: 'repository',
  job: 'job',
  version: 'version',
  ref: 'branch, tag or commit',
};

/** Words why something cannot be answered, and what to do next. */
export function wordRefusal(answer: NotFound | Refused): string {
  if (answer.kind === 'refused') {
    const { title, remedy } = answer.failure;
    return `⚠️ **${inert(title, 600)}**\n→ ${inert(remedy, 600)}`;
  }
  const { asked, closest, what } = answer;
  const shown = what === 'job' ? inert(`#${asked.replace(/^#/, '')}`, 60) : code(asked, 220);
  const hint = closest === undefined ? nextSteps[what] : `Closest: ${code(closest, 220)}.`;
  return `No ${nouns[what]} ${shown}. ${hint}`;
}

const nextSteps: Readonly<Record<NotFound['what'], string>> = {
  package: 'Pick one of those that are offered while you type.',
  repository: 'Register it with `/register add` first.',
  job: 'Jobs have numbers such as #123; `/status` shows the last ones.',
  version: 'Pick one of those that are offered while you type.',
  ref: 'Push it first, or pick one of those that are offered while you type.',
};

export function refuse(answer: NotFound | Refused): Reply {
  return say(wordRefusal(answer));
}
