import { describe, expect, it } from 'vitest';
import {
  computePermissions,
  type PermissionFacts,
} from '../../../src/adapters/discord/discord-permissions.ts';

const view = 1n << 10n;
const send = 1n << 38n;

function compute(more: Partial<PermissionFacts> = {}): bigint {
  return computePermissions({
    guildId: '1',
    ownerId: '9',
    guildRoles: [
      { id: '1', permissions: String(view) },
      { id: '2', permissions: String(send) },
      { id: '3', permissions: '8' },
    ],
    userId: '5',
    roles: ['2'],
    overwrites: [],
    ...more,
  });
}

describe('the permissions of a bot in a channel', () => {
  it('are those of @everyone and of its roles', () => {
    expect(compute()).toBe(view | send);
    expect(compute({ roles: [] })).toBe(view);
  });

  it('are all permissions for an administrator and for the owner, whatever the channel says', () => {
    const overwrites = [{ id: '1', allow: '0', deny: String(view | send) }];
    expect(compute({ roles: ['3'], overwrites }) & (view | send)).toBe(view | send);
    expect(compute({ ownerId: '5', overwrites }) & (view | send)).toBe(view | send);
  });

  it('follow the channel’s overwrites: @everyone first, then its roles, then the bot itself', () => {
    const everybody = { id: '1', allow: '0', deny: String(view | send) };
    const role = { id: '2', allow: String(view), deny: '0' };
    const self = { id: '5', allow: String(send), deny: String(view) };
    expect(compute({ overwrites: [everybody] })).toBe(0n);
    expect(compute({ overwrites: [role, everybody] })).toBe(view);
    expect(compute({ overwrites: [self, role, everybody] })).toBe(send);
    expect(compute({ overwrites: [{ ...role, id: '7', deny: String(send) }] })).toBe(view | send);
  });
});
