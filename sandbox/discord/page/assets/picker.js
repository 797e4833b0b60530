import { el } from './dom.js';

/**
 * @typedef {{ readonly label: string, readonly hint?: string, readonly pick: () => void }} Item
 * @typedef {ReturnType<typeof createPicker>} Picker
 */

/** A list to pick from with arrow keys, Enter, Tab or the pointer, while another element has the focus. */
export function createPicker() {
  const element = el('div', { class: 'picker', role: 'listbox', hidden: true });
  /** @type {readonly Item[]} */
  let items = [];
  let active = 0;

  function draw() {
    element.hidden = items.length === 0;
    const rows = items.map(({ label, hint, pick }, index) => {
      const mousedown = (/** @type {Event} */ event) => {
        event.preventDefault();
        pick();
      };
      const attributes = { role: 'option', 'aria-selected': String(index === active), mousedown };
      return el('div', attributes, el('strong', {}, label), el('small', {}, hint ?? ''));
    });
    element.replaceChildren(...rows);
    rows[active]?.scrollIntoView({ block: 'nearest' });
  }

  return {
    element,
    /** @param {readonly Item[]} shown */
    show(shown) {
      items = shown;
      active = 0;
      draw();
    },
    hide() {
      items = [];
      draw();
    },
    /**
     * Returns whether the list handled the key.
     * @param {KeyboardEvent} event
     */
    takeKey(event) {
      if (items.length === 0) return false;
      if (event.key === 'ArrowDown') active = (active + 1) % items.length;
      else if (event.key === 'ArrowUp') active = (active + items.length - 1) % items.length;
      else if (event.key === 'Enter' || event.key === 'Tab') items[active]?.pick();
      else if (event.key === 'Escape') items = [];
      else return false;
      event.preventDefault();
      draw();
      return true;
    },
  };
}
