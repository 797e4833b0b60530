import type { PublishTarget } from '../../domain/package/publish-target.ts';
import type { Choice, Typing } from './command.ts';
import type { BotContext } from './context.ts';

/** Returns choices for options that several commands share; none for any other option. */
export async function completeSubject(
  { suggestions }: BotContext,
  { option, typed }: Typing,
): Promise<readonly Choice[]> {
  if (option === 'package' || option === 'owns') return toChoices(await suggestions.suggestPackages(typed));
  if (option === 'repository') return toChoices(await suggestions.suggestRepositories(typed));
  if (option !== 'job') return [];
  const jobs = await suggestions.suggestJobs(typed);
  return jobs.map(({ job, label }) => ({ name: label, value: job }));
}

export async function completeRef(
  { suggestions }: BotContext,
  { typed, options }: Typing,
): Promise<readonly Choice[]> {
  return toChoices(
    await suggestions.suggestRefs(findTarget(options.text('package'), options.text('repository')), typed),
  );
}

/** Returns undefined unless exactly one of the two is given. */
export function findTarget(name: string | undefined, slug: string | undefined): PublishTarget | undefined {
  if (name !== undefined && slug === undefined) return { kind: 'package', name };
  return slug !== undefined && name === undefined ? { kind: 'repository', slug } : undefined;
}

export function toChoices(values: readonly string[]): readonly Choice[] {
  return values.map((value) => ({ name: value, value }));
}
