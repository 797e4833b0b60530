import { el } from './dom.js';

/** One line above the composer, which only this page shows: what is being sent, and what went wrong. */
export function createNotices() {
  const element = el('div', {});
  return {
    element,
    /**
     * Replaces the previous notice; call the returned function to remove it.
     * @param {string} text
     */
    say(text) {
      const dismiss = el(
        'button',
        { type: 'button', class: 'as-link', click: () => line.remove() },
        'Dismiss',
      );
      const line = el('p', { class: 'sent', role: 'status' }, text, ' · ', dismiss);
      element.replaceChildren(line);
      return () => line.remove();
    },
  };
}
