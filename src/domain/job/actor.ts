import type { ScheduledJobName } from '../schedule/scheduled-jobs.ts';

/**
 * Who or what causes something; stands in jobs and in the audit trail. `discord:<user id>` is a person, `event` a signed
 * dispatch or a webhook, `workflow:<owner/name>` a run of GitHub Actions, `catch-up` the look for pushes that no event
 * announced, `arrival` the version that another one waited for, `job:<name>` a scheduled job, `github` what the git host told us, `repositories-file` the imported list,
 * `publish-once` the command line and `publisher` the process itself.
 */
export type Actor = string;

/** The process itself. */
export const byPublisher = 'publisher';

/** What the git host told us. */
export const byGitHub = 'github';

/** The list of repositories that is imported at the start. */
export const byRepositoriesFile = 'repositories-file';

/** Whoever sets the clock of the machine. */
export const byHost = 'host';

/** In place of a person: the look for pushes that no event announced. */
export const byCatchUp = 'catch-up';

/** In place of a person: what a held version waited for is on the registry. */
export const byArrival = 'arrival';

/** Somebody waits for the answer; everything else waits for none. */
export function isPerson(actor: Actor): boolean {
  return actor.startsWith('discord:') || actor === 'publish-once';
}

export function byJob(name: ScheduledJobName): Actor {
  return `job:${name}`;
}

/** Which scheduled job it is; undefined when it is none. */
export function findJobName(actor: Actor): string | undefined {
  return /^job:([a-z-]{1,60})$/.exec(actor)?.[1];
}

export function byWorkflow(repository: string): Actor {
  return `workflow:${repository}`;
}

/** The id of a person as the chat knows it; every other actor as it is. */
export function chatUserOf(actor: Actor): string {
  return actor.replace(/^discord:/, '');
}
