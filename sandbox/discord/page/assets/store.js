/**
 * @typedef {import('../wire.ts').Snapshot} Snapshot
 * @typedef {import('../wire.ts').Change} Change
 * @typedef {import('../wire.ts').PageMessage} PageMessage
 * @typedef {Extract<PageMessage, { isDeleted: false }>} LiveMessage
 */

/**
 * The state that the service sends, and what only this page knows: who acts, which thread is open, what was dismissed.
 */
export const store = {
  /** @type {Snapshot['people']} */
  people: [],
  /** @type {Snapshot['threads']} */
  threads: [],
  /** @type {Snapshot['names']} */
  names: { users: {}, roles: {}, channels: {} },
  /** @type {Snapshot['commands']} */
  commands: [],
  /** @type {Map<string, LiveMessage>} In the order they came. */
  messages: new Map(),
  personId: '',
  channelId: '',
  /** @type {Set<string>} Ephemeral messages that were dismissed. */
  dismissed: new Set(),
  /** @type {Map<string, string>} What went wrong at a message, by its id. */
  troubles: new Map(),
};

/** @param {Snapshot} snapshot */
export function takeSnapshot(snapshot) {
  store.people = snapshot.people;
  store.messages.clear();
  takeChange(snapshot);
  const isKnown = snapshot.people.some((person) => person.id === store.personId);
  if (!isKnown) store.personId = snapshot.people[0]?.id ?? '';
  if (!snapshot.threads.some((thread) => thread.id === store.channelId)) {
    store.channelId = snapshot.threads[0]?.id ?? '';
  }
}

/** @param {Change} change */
export function takeChange({ threads, names, commands, messages }) {
  store.threads = threads ?? store.threads;
  store.names = names ?? store.names;
  store.commands = commands ?? store.commands;
  for (const message of messages ?? []) {
    if (message.isDeleted) store.messages.delete(message.id);
    else store.messages.set(message.id, message);
  }
}

/**
 * Returns whether the person who acts sees the message in the open thread.
 * @param {LiveMessage} message
 */
export function isShown({ id, channelId, visibleTo }) {
  const isMine = visibleTo === undefined || visibleTo === store.personId;
  return channelId === store.channelId && isMine && !store.dismissed.has(id);
}
