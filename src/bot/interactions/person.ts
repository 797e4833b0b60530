import { type BaseInteraction, PermissionFlagsBits } from 'discord.js';
import { type Actor, byArrival, byCatchUp, findJobName } from '../../domain/job/actor.ts';
import { inert } from '../text/text.ts';

/** The person who acts, as Discord sends them with every interaction. */
export interface Person {
  readonly userId: string;
  readonly roleIds: readonly string[];
  readonly canManageGuild: boolean;
}

/**
 * Who may run a command or press a component. Operators have Manage Server or one of the configured roles. Retriers are
 * operators and DISCORD_RETRY_ROLE_IDS, or everybody when no such role is set.
 */
export type Access = 'everyone' | 'retriers' | 'operators';

/** The configured roles; both lists may be empty. */
export interface AccessRoles {
  readonly operatorRoleIds: readonly string[];
  readonly retryRoleIds: readonly string[];
}

export function personOf(interaction: BaseInteraction): Person {
  const roles = interaction.member?.roles ?? [];
  return {
    userId: interaction.user.id,
    roleIds: Array.isArray(roles) ? roles : [...roles.cache.keys()],
    canManageGuild: interaction.memberPermissions?.has(PermissionFlagsBits.ManageGuild) === true,
  };
}

export function actorOf(person: Person): Actor {
  return `discord:${person.userId}`;
}

/** Returns undefined when the person is allowed, else a sentence that says who is. */
export function whyNotAllowed(access: Access, person: Person, roles: AccessRoles): string | undefined {
  const { operatorRoleIds, retryRoleIds } = roles;
  if (access === 'everyone' || person.canManageGuild) return undefined;
  if (access === 'retriers' && retryRoleIds.length === 0) return undefined;
  const allowed = access === 'operators' ? operatorRoleIds : [...retryRoleIds, ...operatorRoleIds];
  if (person.roleIds.some((role) => allowed.includes(role))) return undefined;
  const named = access === 'operators' ? operatorRoleIds : retryRoleIds;
  return `You need ${['Manage Server', ...named.map((role) => `<@&${role}>`)].join(' or ')} to do that.`;
}

/** Returns the Discord user behind `discord:<id>`, as jobs and the audit trail name people. */
export function userOf(actor: string): string | undefined {
  return /^discord:(\d{15,21})$/.exec(actor)?.[1];
}

/** Words an actor of the audit trail for readers; the result is shown without notifying anybody. */
export function wordActor(actor: Actor): string {
  const [, userId] = /^discord:(\d{1,21})$/.exec(actor) ?? [];
  if (userId !== undefined) return `<@${userId}>`;
  const job = findJobName(actor);
  if (job !== undefined) return `the job ${job}`;
  if (actor === byCatchUp) return 'a push that no event announced';
  if (actor === byArrival) return 'a dependency that arrived';
  if (actor === 'event') return 'a push';
  if (actor === 'publisher') return 'the publisher itself';
  if (actor === 'github') return 'GitHub';
  return actor.startsWith('workflow:') ? 'its workflow' : inert(actor, 60);
}
