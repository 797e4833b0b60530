import { el } from './dom.js';

/**
 * @typedef {import('../discord-words.ts').Component} Component
 * @typedef {import('../discord-words.ts').SelectOption} Option
 */

/**
 * Builds a select menu. A single choice is sent at once, several are sent when the menu is closed.
 * @param {Component} component
 * @param {(element: HTMLElement, values: readonly string[]) => unknown} onChosen
 */
export function selectElement(component, onChosen) {
  const { options = [], min_values: least = 1, placeholder = 'Make a selection' } = component;
  const most = Math.min(component.max_values ?? 1, options.length);
  const chosen = new Set(options.filter((option) => option.default === true).map((option) => option.value));
  const before = [...chosen].join('\n');
  const summary = el('summary', {}, wordChosen(options, chosen, placeholder));
  const menu = el('div', { class: 'options', role: 'listbox', 'aria-multiselectable': String(most > 1) });
  const details = el('details', { class: 'select' }, summary, menu);

  const choose = (/** @type {Option} */ option) => {
    if (most === 1) chosen.clear();
    if (chosen.has(option.value)) chosen.delete(option.value);
    else if (chosen.size < most) chosen.add(option.value);
    draw();
    if (most === 1) details.open = false;
  };
  const draw = () => {
    summary.textContent = wordChosen(options, chosen, placeholder);
    menu.replaceChildren(...options.map((option) => optionElement(option, chosen.has(option.value), choose)));
  };
  draw();
  if (component.disabled === true)
    summary.replaceWith(el('summary', { inert: true }, summary.textContent ?? ''));
  details.addEventListener('toggle', () => {
    const isChanged = [...chosen].join('\n') !== before;
    if (!details.open && isChanged && chosen.size >= least) onChosen(details, [...chosen]);
  });
  return details;
}

/** @param {readonly Option[]} options @param {ReadonlySet<string>} chosen @param {string} placeholder */
function wordChosen(options, chosen, placeholder) {
  const labels = options.filter((option) => chosen.has(option.value)).map((option) => option.label);
  return labels.length === 0 ? placeholder : labels.join(', ');
}

/** @param {Option} option @param {boolean} isChosen @param {(option: Option) => void} choose */
function optionElement(option, isChosen, choose) {
  const attributes = {
    type: 'button',
    role: 'option',
    'aria-selected': String(isChosen),
    click: () => choose(option),
  };
  return el('button', attributes, [
    el('span', {}, option.label),
    option.description !== undefined && el('small', {}, option.description),
  ]);
}
