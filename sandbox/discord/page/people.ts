import { addUser, type DiscordState } from '../state.ts';

/** A person whom the page can act as. */
export interface Person {
  readonly id: string;
  readonly name: string;
  /** What the person may do, in the words of a server. */
  readonly role: string;
}

/** Adds three people who differ in what a bot lets them do. */
export function addPeople(state: DiscordState): readonly Person[] {
  const add = (name: string, role: string, more: { isPublisher?: boolean; isAdmin?: boolean }): Person => {
    const roles = more.isPublisher === true ? [state.operatorRoleId] : [];
    const permissions = more.isAdmin === true ? 'manage-guild' : 'none';
    const { id } = addUser(state, { id: state.nextId(), name, roles, permissions });
    return { id, name, role };
  };
  return [
    add('Olga', 'Publishers', { isPublisher: true }),
    add('Mika', 'member', {}),
    add('Ada', 'Manage Server', { isAdmin: true }),
  ];
}
