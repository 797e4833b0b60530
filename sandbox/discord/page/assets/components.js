import { el } from './dom.js';
import { showModal } from './modal.js';
import { selectElement } from './select.js';
import { act } from './service.js';
import { store } from './store.js';

/**
 * @typedef {import('./store.js').LiveMessage} LiveMessage
 * @typedef {import('../discord-words.ts').Component} Component
 */

const BUTTON = 2;
const LINK = 5;
const SELECT = 3;
const styles = ['', 'primary', 'secondary', 'success', 'danger', 'link'];

/**
 * Returns the rows of buttons and select menus.
 * @param {LiveMessage} message
 */
export function componentRows(message) {
  return message.components.map((row) => {
    const { components = [] } = row;
    return el(
      'div',
      { class: 'row' },
      components.map((component) => componentElement(message, component)),
    );
  });
}

/** @param {LiveMessage} message @param {Component} component */
function componentElement(message, component) {
  if (component.type === BUTTON) return buttonElement(message, component);
  if (component.type === SELECT) {
    return selectElement(component, (element, values) => press(message, component, element, values));
  }
  return el('span', { class: 'trouble' }, `A component of type ${component.type} cannot be shown here`);
}

/** @param {LiveMessage} message @param {Component} component */
function buttonElement(message, component) {
  const label = [component.emoji?.name, component.label].filter(Boolean).join(' ');
  const { style = 2 } = component;
  const kind = `button ${styles[style] ?? 'secondary'}`;
  if (style === LINK) {
    return el(
      'a',
      { class: kind, href: component.url, target: '_blank', rel: 'noopener noreferrer' },
      `${label} ↗`,
    );
  }
  const disabled = component.disabled === true;
  const click = () => void press(message, component, button);
  const button = el('button', { type: 'button', class: kind, disabled, click }, label);
  return button;
}

/**
 * @param {LiveMessage} message
 * @param {Component} component
 * @param {HTMLElement} element is busy meanwhile
 * @param {readonly string[]} [values]
 */
async function press(message, component, element, values) {
  store.troubles.delete(message.id);
  element.closest('.message')?.querySelector('.trouble')?.remove();
  element.classList.add('busy');
  element.setAttribute('aria-busy', 'true');
  try {
    const body = { person: store.personId, messageId: message.id, customId: component.custom_id, values };
    const { modal } = await act('press', body);
    if (modal !== undefined) showModal(modal);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    store.troubles.set(message.id, text);
    // The message may have been redrawn in the meantime.
    const shown = document.querySelector(`[data-id="${message.id}"] .body`);
    shown?.append(el('p', { class: 'trouble', role: 'alert' }, text));
  } finally {
    element.classList.remove('busy');
    element.removeAttribute('aria-busy');
  }
}
