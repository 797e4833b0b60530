import { unreleased } from '../../domain/changelog/changelog.ts';
import type { Command } from '../interactions/command.ts';
import { completeSubject, toChoices } from '../interactions/completions.ts';
import { completedText, required, share } from '../interactions/options.ts';
import { say } from '../interactions/reply.ts';
import { answerChangelog } from '../pages/changelog-answer.ts';

export const changelogCommand: Command = {
  access: 'everyone',
  definition: {
    name: 'changelog',
    description: 'What changed in a version of a package',
    options: [
      required(completedText('package', 'Name of the package')),
      completedText('version', `The latest one when left out; “${unreleased}”: what is not published yet`),
      share,
    ],
  },
  run: async (context, { options, person, signal }) => {
    const name = options.text('package');
    if (name === undefined) return say('Say which package.');
    return answerChangelog(context, { person, signal }, name, options.text('version'));
  },
  complete: async (context, typing) => {
    if (typing.option !== 'version') return completeSubject(context, typing);
    const name = typing.options.text('package');
    const versions = name === undefined ? [] : await context.suggestions.suggestVersions(name, typing.typed);
    return toChoices([...(unreleased.startsWith(typing.typed) ? [unreleased] : []), ...versions]);
  },
};
