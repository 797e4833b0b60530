import { listDrift, refreshDrift } from '../../publisher/operations/list-drift.ts';
import type { Command } from '../interactions/command.ts';
import { completeSubject } from '../interactions/completions.ts';
import { completedText, flag, share } from '../interactions/options.ts';
import { say } from '../interactions/reply.ts';
import { refuse } from '../messages/refusals.ts';
import { keepDriftList } from '../pages/drift-list.ts';
import { buildDriftPage } from '../pages/drift-pages.ts';
import { code } from '../text/text.ts';

export const unpublishedCommand: Command = {
  access: 'everyone',
  definition: {
    name: 'unpublished',
    description: 'Packages whose repository and registry differ',
    options: [
      completedText('repository', 'owner/name; all of them when left out'),
      flag('refresh', 'Look at repositories and registry again first'),
      share,
    ],
  },
  run: async (context, { options, actor, show, signal }) => {
    const { ask } = context;
    const repository = options.text('repository');
    const what = repository === undefined ? 'all repositories' : code(repository, 200);
    const onProgress = (done: number, total: number): void =>
      show(say(`🔄 Looking at ${what}: ${done} of ${total} packages …`));
    const answer = options.flag('refresh')
      ? await ask(refreshDrift, repository, onProgress, signal)
      : await ask(listDrift, repository);
    if (answer.kind !== 'drift') return refuse(answer);
    if (answer.rows.length === 0) return buildDriftPage(answer, 0, undefined, context.clock.now());
    const id = await keepDriftList(context, actor, { repository });
    return buildDriftPage(answer, 0, id, context.clock.now());
  },
  complete: completeSubject,
};
