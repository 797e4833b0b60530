import { el } from './dom.js';
import { createPicker } from './picker.js';
import { store } from './store.js';

/**
 * @typedef {import('./command-list.js').Option} Option
 * @typedef {string | number | boolean} Value
 * @typedef {(typed: string) => Promise<readonly { name: string, value: Value }[]>} Suggest
 * @typedef {{ readonly option: Option, readonly element: HTMLElement, readonly focus: () => void, readonly value: () => Value | undefined }} OptionField
 */

const INTEGER = 4;
const BOOLEAN = 5;
const USER = 6;
const CHANNEL = 7;
const ROLE = 8;
const NUMBER = 10;
const debounceMs = 150;

/**
 * Builds the field of one option of a command.
 * @param {Option} option
 * @param {Suggest} suggest asks the bot
 * @param {() => void} [onRemove] optional ones only
 * @returns {OptionField}
 */
export function optionField(option, suggest, onRemove) {
  const choices = choicesOf(option);
  const { control, more, value } =
    choices === undefined ? textControl(option, suggest) : choiceControl(option, choices);
  const remove =
    onRemove &&
    el(
      'button',
      { type: 'button', class: 'as-link', 'aria-label': `Remove ${option.name}`, click: onRemove },
      '×',
    );
  const mark = option.required === true && el('b', {}, '*');
  const name = el('span', { class: 'option-name' }, option.name, mark);
  const label = el('label', { title: option.description }, name, control);
  const element = el('div', { class: 'option' }, label, remove, more);
  return { option, element, focus: () => control.focus(), value };
}

/** @param {Option} option @returns {readonly { name: string, value: Value }[] | undefined} */
function choicesOf({ type, choices }) {
  const { users, channels, roles } = store.names;
  const known = { [USER]: users, [CHANNEL]: channels, [ROLE]: roles }[type];
  if (known !== undefined) return Object.entries(known).map(([value, name]) => ({ name, value }));
  if (type === BOOLEAN) return [true, false].map((value) => ({ name: value ? 'True' : 'False', value }));
  return choices !== undefined && choices.length > 0 ? choices : undefined;
}

/** @param {Option} option @param {readonly { name: string, value: Value }[]} choices */
function choiceControl(option, choices) {
  const control = el(
    'select',
    { name: option.name, required: option.required === true },
    el('option', { value: '' }, '…'),
    ...choices.map((choice, index) => el('option', { value: String(index) }, choice.name)),
  );
  const value = () => (control.value === '' ? undefined : choices[Number(control.value)]?.value);
  return { control, more: undefined, value };
}

/** @param {Option} option @param {Suggest} suggest */
function textControl(option, suggest) {
  const isNumeric = (option.type === INTEGER || option.type === NUMBER) && option.autocomplete !== true;
  const control = el('input', {
    name: option.name,
    autocomplete: 'off',
    placeholder: option.description,
    required: option.required === true,
    type: isNumeric ? 'number' : 'text',
    step: option.type === NUMBER ? 'any' : undefined,
    min: option.min_value?.toString(),
    max: option.max_value?.toString(),
    minlength: option.min_length?.toString(),
    maxlength: option.max_length?.toString(),
  });
  /** @type {Value | undefined} The picked value; the control shows its name. */
  let picked;
  const value = () => {
    if (picked !== undefined) return picked;
    if (control.value === '') return undefined;
    return isNumeric ? Number(control.value) : control.value;
  };
  control.addEventListener('input', () => {
    picked = undefined;
  });
  if (option.autocomplete !== true) return { control, more: undefined, value };
  const picker = suggestions(control, suggest, (choice) => {
    picked = choice.value;
    control.value = choice.name;
  });
  return { control, more: picker, value };
}

/**
 * Asks the bot for suggestions while a person types; only the newest answer counts.
 * @param {HTMLInputElement} control
 * @param {Suggest} suggest
 * @param {(choice: { name: string, value: Value }) => void} onPick
 */
function suggestions(control, suggest, onPick) {
  const picker = createPicker();
  let asked = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;
  const ask = async () => {
    const mine = ++asked;
    const found = await suggest(control.value).catch(() => undefined);
    if (mine !== asked || document.activeElement !== control) return;
    if (found === undefined) picker.show([{ label: 'Loading options failed', pick: () => picker.hide() }]);
    else picker.show(found.map((choice) => ({ label: choice.name, pick: () => pick(choice) })));
  };
  const pick = (/** @type {{ name: string, value: Value }} */ choice) => {
    asked += 1;
    picker.hide();
    onPick(choice);
  };
  const askSoon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => void ask(), debounceMs);
  };
  control.addEventListener('input', askSoon);
  control.addEventListener('focus', askSoon);
  control.addEventListener('blur', () => picker.hide());
  control.addEventListener('keydown', (event) => picker.takeKey(event));
  return picker.element;
}
