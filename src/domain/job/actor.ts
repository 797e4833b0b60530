import type { ScheduledJobName } from '../schedule/scheduled-jobs.ts';

/**
 * Who or what causes something; recorded in jobs and in the audit trail. `discord:<user id>` is a person, `event` a
 * signed dispatch or a webhook, `workflow:<owner/name>` a run of GitHub Actions, `catch-up` the look for pushes that no
 * event announced, `arrival` the version that another one waited for, `job:<name>` a scheduled job, `github` what the
 * git host reported, `repositories-file` the imported list, `publish-once` the command line and `publisher` the process
 * itself.
 */
export type Actor = string;

/** The process itself. */
export const byPublisher = 'publisher';

/** What the git host reported. */
export const byGitHub = 'github';

/** The list of repositories that is imported at the start. */
export const byRepositoriesFile = 'repositories-file';

/** Whoever sets the clock of the machine. */
export const byHost = 'host';

/** The look for pushes that no event announced, in place of a person. */
export const byCatchUp = 'catch-up';

/** The arrival of what a held version waited for, in place of a person. */
export const byArrival = 'arrival';

/** Whether somebody waits for the answer; nobody waits for anything that another actor caused. */
export function isPerson(actor: Actor): boolean {
  return actor.startsWith('discord:') || actor === 'publish-once';
}

export function byJob(name: ScheduledJobName): Actor {
  return `job:${name}`;
}

/** Returns the name of the scheduled job; undefined when the actor is none. */
export function findJobName(actor: Actor): string | undefined {
  return /^job:([a-z-]{1,60})$/.exec(actor)?.[1];
}

export function byWorkflow(repository: string): Actor {
  return `workflow:${repository}`;
}

/** Returns the id of a person as the chat knows it; every other actor as it is. */
export function chatUserOf(actor: Actor): string {
  return actor.replace(/^discord:/, '');
}
