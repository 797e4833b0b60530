import { unreleased } from '../../domain/changelog.ts';
import type { Command } from '../command.ts';
import { completeSubject, toChoices } from '../completions.ts';
import { renderChangelog } from '../embeds/changelog.ts';
import { refuse } from '../embeds/refusals.ts';
import { completedText, required, share } from '../options.ts';
import { say } from '../reply.ts';

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
  run: async (context, { options, signal }) => {
    const name = options.text('package');
    if (name === undefined) return say('Say which package.');
    const answer = await context.operations.readChangelog(name, options.text('version'), signal);
    return answer.kind === 'changelog' ? renderChangelog(answer, context.clock.now()) : refuse(answer);
  },
  complete: async (context, typing) => {
    if (typing.option !== 'version') return completeSubject(context, typing);
    const name = typing.options.text('package');
    const versions = name === undefined ? [] : await context.suggestions.suggestVersions(name, typing.typed);
    return toChoices([...(unreleased.startsWith(typing.typed) ? [unreleased] : []), ...versions]);
  },
};
