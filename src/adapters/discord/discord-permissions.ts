/** Permission bits from Discord's developer documentation (“Permissions”). */
const administrator = 1n << 3n;
export const manageThreads = 1n << 34n;
export const neededPermissions = [
  ['View Channel', 1n << 10n],
  ['Send Messages in Threads', 1n << 38n],
  ['Embed Links', 1n << 14n],
  ['Attach Files', 1n << 15n],
  ['Read Message History', 1n << 16n],
] as const;

export interface PermissionFacts {
  readonly guildId: string;
  readonly ownerId: string;
  readonly guildRoles: readonly { readonly id: string; readonly permissions: string }[];
  readonly userId: string;
  /** Ids of the user's roles, without the @everyone role. */
  readonly roles: readonly string[];
  /** Overwrites of the channel, or of a thread's parent channel. `allow` and `deny` are bit sets as decimal text. */
  readonly overwrites: readonly { readonly id: string; readonly allow: string; readonly deny: string }[];
}

/**
 * Computes permissions as Discord documents it: roles first, then the channel's overwrites for @everyone, roles and
 * member. Pure.
 */
export function computePermissions(facts: PermissionFacts): bigint {
  const { guildId, overwrites, roles, userId } = facts;
  const own = facts.guildRoles.filter((role) => role.id === guildId || roles.includes(role.id));
  const base = own.reduce((sum, role) => sum | BigInt(role.permissions), 0n);
  if (facts.ownerId === userId || (base & administrator) !== 0n) return (1n << 60n) - 1n;
  const groups = [
    overwrites.filter((item) => item.id === guildId),
    overwrites.filter((item) => item.id !== guildId && roles.includes(item.id)),
    overwrites.filter((item) => item.id === userId),
  ];
  return groups.reduce((granted, group) => {
    const deny = group.reduce((sum, item) => sum | BigInt(item.deny), 0n);
    const allow = group.reduce((sum, item) => sum | BigInt(item.allow), 0n);
    return (granted & ~deny) | allow;
  }, base);
}
