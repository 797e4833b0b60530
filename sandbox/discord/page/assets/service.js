import { takeChange, takeSnapshot } from './store.js';

/** @typedef {import('../acts.ts').ActAnswer} ActAnswer */

export const NO_ANSWER = 'This application did not respond';

/**
 * Follows the service for as long as the page is open; the browser reconnects by itself.
 * @param {{ everything: () => void, change: (change: import('../wire.ts').Change) => void, online: (isOnline: boolean) => void }} listeners
 */
export function follow({ everything, change, online }) {
  const source = new EventSource('/events');
  source.addEventListener('open', () => online(true));
  source.addEventListener('error', () => online(false));
  source.addEventListener('snapshot', (event) => {
    takeSnapshot(JSON.parse(event.data));
    everything();
  });
  source.addEventListener('change', (event) => {
    const data = JSON.parse(event.data);
    takeChange(data);
    change(data);
  });
}

/**
 * Performs an act as a person. Throws with a sentence when it was not possible or the bot did not respond.
 * @param {'press' | 'command' | 'autocomplete' | 'modal'} kind
 * @param {object} body
 * @returns {Promise<ActAnswer>}
 */
export async function act(kind, body) {
  const response = await fetch(`/act/${kind}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.problem);
  if (!answer.isAcknowledged) throw new Error(NO_ANSWER);
  return answer;
}
