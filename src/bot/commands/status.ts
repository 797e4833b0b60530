import { describeJob, describePackage, describeRepository } from '../../publisher/operations/describe.ts';
import { describeOverview } from '../../publisher/operations/describe-overview.ts';
import type { Command } from '../interactions/command.ts';
import { completeSubject } from '../interactions/completions.ts';
import type { BotContext } from '../interactions/context.ts';
import { completedNumber, completedText, share } from '../interactions/options.ts';
import { type Reply, say } from '../interactions/reply.ts';
import type { TypedOptions } from '../interactions/typed-options.ts';
import { refuse } from '../messages/refusals.ts';
import { renderJob, renderPackage, renderRepository } from '../pages/history.ts';
import { renderOverview } from '../pages/overview.ts';

export const statusCommand: Command = {
  access: 'everyone',
  definition: {
    name: 'status',
    description: 'What works, what runs and what waits; or the history of one package, repository or job',
    options: [
      completedText('package', 'Name of the package'),
      completedText('repository', 'owner/name'),
      completedNumber('job', 'Number of the job'),
      share,
    ],
  },
  run: async (context, { options }) => {
    const named = ['package', 'repository', 'job'].filter((name) => isGiven(options, name));
    if (named.length > 1) return say('Name a `package`, a `repository` or a `job`, one of them.');
    if (named.length === 0) {
      return renderOverview(await context.ask(describeOverview), context.links, context.clock.now());
    }
    return describe(context, options);
  },
  complete: completeSubject,
};

function isGiven(options: TypedOptions, name: string): boolean {
  return options.text(name) !== undefined || options.number(name) !== undefined;
}

async function describe({ ask, links, clock }: BotContext, options: TypedOptions): Promise<Reply> {
  const name = options.text('package');
  const slug = options.text('repository');
  const now = clock.now();
  if (name !== undefined) {
    const found = await ask(describePackage, name);
    return found.kind === 'package' ? renderPackage(name, found, links, now) : refuse(found);
  }
  if (slug !== undefined) {
    const found = await ask(describeRepository, slug);
    return found.kind === 'repository' ? renderRepository(found, links, now) : refuse(found);
  }
  const found = await ask(describeJob, options.number('job') ?? 0);
  return found.kind === 'job' ? renderJob(found, links, now) : refuse(found);
}
