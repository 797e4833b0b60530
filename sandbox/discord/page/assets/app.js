import { startComposer } from './composer.js';
import { byId, el } from './dom.js';
import { messageElement } from './message.js';
import { keepRelativeTimes } from './moment.js';
import { follow } from './service.js';
import { isShown, store } from './store.js';

/** @typedef {import('./store.js').LiveMessage} LiveMessage */

const list = byId('messages');
const people = byId('person');
/** Distance from the end of the list within which a reader counts as being at the end. */
const nearEndPx = 80;

/**
 * Redraws a message and those that reply to it.
 * @param {string} id
 */
function drawChanged(id) {
  drawMessage(id);
  for (const message of store.messages.values()) if (message.reference === id) drawMessage(message.id);
}

/**
 * Redraws one message, or removes it.
 * @param {string} id
 */
function drawMessage(id) {
  const message = store.messages.get(id);
  const there = list.querySelector(`[data-id="${id}"]`);
  if (message === undefined || !isShown(message)) there?.remove();
  else if (there !== null) there.replaceWith(elementOf(message));
  else list.append(elementOf(message));
}

/** @param {LiveMessage} message */
function elementOf(message) {
  return messageElement(message, () => {
    store.dismissed.add(message.id);
    drawMessage(message.id);
  });
}

function drawThread() {
  const shown = [...store.messages.values()].filter(isShown);
  const empty = el('p', { class: 'empty' }, 'Nothing has been said here yet.');
  list.replaceChildren(empty, ...shown.map(elementOf));
  list.scrollTop = list.scrollHeight;
}

function drawBar() {
  const tabs = store.threads.map(({ id, name }) => {
    const click = () => open(id);
    return el('button', { role: 'tab', 'aria-selected': String(id === store.channelId), click }, name);
  });
  byId('tabs').replaceChildren(...tabs);
  const state = byId('thread-state');
  state.textContent = wordThread();
  state.hidden = state.textContent === '';
}

function wordThread() {
  const thread = store.threads.find((other) => other.id === store.channelId);
  if (thread?.isDeleted) return 'This thread was deleted.';
  const parts = [thread?.isArchived && 'archived', thread?.isLocked && 'locked'].filter(Boolean);
  return parts.length === 0 ? '' : `This thread is ${parts.join(' and ')}.`;
}

/** @param {string} channelId */
function open(channelId) {
  store.channelId = channelId;
  drawBar();
  drawThread();
}

function drawPeople() {
  const options = store.people.map(({ id, name, role }) =>
    el('option', { value: id, selected: id === store.personId }, `${name} (${role})`),
  );
  people.replaceChildren(...options);
}

people.addEventListener('change', () => {
  if (people instanceof HTMLSelectElement) store.personId = people.value;
  drawThread();
});

const composer = startComposer(byId('composer'));
keepRelativeTimes();
follow({
  online(isOnline) {
    byId('offline').hidden = isOnline;
  },
  everything() {
    drawPeople();
    drawBar();
    drawThread();
    composer.commandsChanged();
  },
  change({ messages, threads, names, commands }) {
    const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < nearEndPx;
    if (threads !== undefined) drawBar();
    if (names !== undefined) drawThread();
    if (commands !== undefined) composer.commandsChanged();
    for (const { id } of messages ?? []) drawChanged(id);
    if (isAtEnd) list.scrollTop = list.scrollHeight;
  },
});
