import type { Pings } from '../../ports/chat.ts';
import type { DiscordConfig } from '../gateway/discord-config.ts';

/**
 * Returns who is notified of a failure: the pusher when their Discord user is known, else the failure role, else
 * nobody.
 */
export function whomToPing(
  config: Pick<DiscordConfig, 'userIds' | 'failureRoleId'>,
  pusher: string | null,
): Pings {
  const user = config.userIds.get((pusher ?? '').trim().toLowerCase());
  if (user !== undefined) return { users: [user], roles: [] };
  return { users: [], roles: config.failureRoleId === undefined ? [] : [config.failureRoleId] };
}
