import { el } from './dom.js';
import { optionField } from './option-field.js';
import { act } from './service.js';
import { store } from './store.js';

/**
 * @typedef {import('./command-list.js').Command} Command
 * @typedef {import('./command-list.js').Option} Option
 * @typedef {import('./option-field.js').OptionField} OptionField
 */

/**
 * Builds the form of a command: fields of required options at once, the others when a person asks for them.
 * @param {Command} command
 * @param {{ onSend: (body: object) => void, onCancel: () => void }} listeners
 */
export function commandForm(command, { onSend, onCancel }) {
  const help = el('p', { class: 'help' }, command.description);
  const typed = typedOptions(command, help);
  const send = el('button', { class: 'button primary' }, 'Send');
  const line = el('div', { class: 'line' }, [
    el('strong', { class: 'mention' }, command.title),
    typed.element,
    typed.others,
    el('span', { class: 'ends' }, [
      el('button', { type: 'button', class: 'as-link', click: onCancel }, 'Cancel'),
      send,
    ]),
  ]);
  const form = el('form', { class: 'command' }, help, line);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    onSend(typed.body());
  });
  form.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !event.defaultPrevented) onCancel();
  });
  return { element: form, focus: () => (typed.first() ?? send).focus() };
}

/**
 * Builds the fields of the options, and buttons that add the optional ones.
 * @param {Command} command
 * @param {HTMLElement} help says what the option with the focus is for
 */
function typedOptions(command, help) {
  /** @type {OptionField[]} */
  const fields = [];
  const element = el('div', { class: 'options-typed' });
  const others = el('div', { class: 'options-left' });

  function body() {
    const entries = fields.map((field) => [field.option.name, field.value()]);
    const options = Object.fromEntries(entries.filter(([, value]) => value !== undefined));
    const { name, subcommand } = command;
    return { person: store.personId, channelId: store.channelId, name, subcommand, options };
  }

  /** @param {Option} option */
  function add(option) {
    const suggest = async (/** @type {string} */ text) => {
      const now = body();
      const options = { ...now.options, [option.name]: text };
      const { choices } = await act('autocomplete', { ...now, options, focused: option.name });
      return choices ?? [];
    };
    const field = optionField(option, suggest, option.required === true ? undefined : () => remove(field));
    field.element.addEventListener('focusin', () => {
      help.textContent = option.description;
    });
    fields.push(field);
    element.append(field.element);
    drawOthers();
    return field;
  }

  /** @param {OptionField} field */
  function remove(field) {
    fields.splice(fields.indexOf(field), 1);
    field.element.remove();
    drawOthers();
  }

  function drawOthers() {
    const left = command.options.filter((option) => !fields.some((field) => field.option === option));
    const buttons = left.map((option) => {
      const click = () => add(option).focus();
      return el('button', { type: 'button', title: option.description, click }, `+ ${option.name}`);
    });
    others.replaceChildren(...buttons);
  }

  for (const option of command.options.filter((other) => other.required === true)) add(option);
  drawOthers();
  return { element, others, body, first: () => fields[0] };
}
