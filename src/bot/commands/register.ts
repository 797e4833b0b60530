import { fixModes, publishModes, repositoryStatuses } from '../../domain/repository/repository.ts';
import type { Command } from '../interactions/command.ts';
import { completeSubject } from '../interactions/completions.ts';
import {
  completedText,
  oneOf,
  oneOfLabelled,
  plainText,
  required,
  subcommand,
} from '../interactions/options.ts';
import { say } from '../interactions/reply.ts';
import { addRepository } from '../register/add.ts';
import { dispatcherLabels } from '../register/dispatcher.ts';
import { editRepository } from '../register/edit.ts';
import { removeRepository } from '../register/remove.ts';
import { completeRules } from '../register/rules.ts';

const branches = plainText(
  'branches',
  'Names or patterns besides the default branch, with commas; “default” for none',
);
const scopes = plainText('scopes', 'Prefixes of package names, with commas; “default” for all allowed ones');
const mode = oneOf('mode', 'shadow: everything but the upload', publishModes);

const runs = new Map<string | undefined, Command['run']>([
  ['add', addRepository],
  ['edit', editRepository],
  ['remove', removeRepository],
]);

export const registerCommand: Command = {
  access: 'operators',
  definition: {
    name: 'register',
    description: 'Which repositories are published',
    options: [
      subcommand('add', 'Look at a repository, then publish it from now on', [
        required(completedText('repository', 'owner/name, or any address of it')),
        branches,
        scopes,
        mode,
        oneOfLabelled(
          'dispatcher',
          'How its pushes are told; a dispatcher is a workflow file',
          dispatcherLabels,
        ),
      ]),
      subcommand('edit', 'Change its settings, or what it owns', [
        required(completedText('repository', 'owner/name')),
        branches,
        scopes,
        oneOf('status', 'Only active ones are published', repositoryStatuses),
        mode,
        completedText(
          'rules',
          'What preflight rules count for here: meta.missing=warn, …; “default” for none',
        ),
        oneOf('fixes', 'staging: what needs no judgement is repaired while packing', fixModes),
        completedText('owns', 'A package name whose owner it becomes'),
      ]),
      subcommand('remove', 'Publish it no longer, and give its names back', [
        required(completedText('repository', 'owner/name')),
      ]),
    ],
  },
  run: async (context, asked) => {
    const run = runs.get(asked.options.subcommand);
    return run === undefined ? say('Use `add`, `edit` or `remove`.') : run(context, asked);
  },
  complete: async (context, typing) =>
    typing.option === 'rules' ? completeRules(typing) : completeSubject(context, typing),
};
