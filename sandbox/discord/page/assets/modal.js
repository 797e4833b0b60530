import { byId, el } from './dom.js';
import { markdown } from './markdown.js';
import { act } from './service.js';
import { store } from './store.js';

/**
 * @typedef {import('../discord-words.ts').PageModal} Modal
 * @typedef {import('../discord-words.ts').Component} Component
 */

const TEXT_DISPLAY = 10;
const SELECT = 3;
const PARAGRAPH = 2;
/** Discord's own limit for a text, in characters. */
const longest = '4000';

/** Shows a modal until it is sent or cancelled. @param {Modal} modal */
export function showModal(modal) {
  const dialog = byId('modal');
  if (!(dialog instanceof HTMLDialogElement)) return;
  const trouble = el('p', { class: 'trouble', role: 'alert' });
  const send = el('button', { class: 'button primary' }, 'Submit');
  const cancel = el('button', { type: 'button', class: 'as-link', click: () => dialog.close() }, 'Cancel');
  const form = el('form', { method: 'dialog' }, [
    el('h2', {}, modal.title),
    ...modal.components.map(rowElement),
    trouble,
    el('div', { class: 'modal-end' }, cancel, send),
  ]);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void submit();
  });
  const submit = async () => {
    send.classList.add('busy');
    trouble.textContent = '';
    try {
      const { interactionId } = modal;
      await act('modal', { person: store.personId, interactionId, answers: answersOf(form) });
      dialog.close();
    } catch (error) {
      trouble.textContent = error instanceof Error ? error.message : String(error);
    } finally {
      send.classList.remove('busy');
    }
  };
  dialog.replaceChildren(form);
  dialog.showModal();
}

/** Returns the element of a label or a row with its field, or of a text. @param {Component} row */
function rowElement(row) {
  if (row.type === TEXT_DISPLAY) return el('div', {}, markdown(row.content ?? ''));
  const field = row.component ?? row.components?.[0];
  if (field === undefined) return undefined;
  return el('label', { class: 'modal-field' }, [
    el(
      'span',
      { class: 'modal-label' },
      row.label ?? field.label,
      field.required !== false && el('b', {}, ' *'),
    ),
    row.description !== undefined && el('small', {}, row.description),
    field.type === SELECT ? selectField(field) : textField(field),
  ]);
}

/** @param {Component} field */
function selectField({ custom_id: name, required = true, options = [], placeholder, max_values: most = 1 }) {
  const blank = most === 1 && el('option', { value: '' }, placeholder ?? 'Make a selection');
  const shown = options.map((option) =>
    el('option', { value: option.value, selected: option.default === true }, option.label),
  );
  return el('select', { name, required, multiple: most > 1 }, blank, ...shown);
}

/** @param {Component} field */
function textField({ custom_id: name, required = true, value = '', placeholder, style, ...limits }) {
  const given = {
    name,
    required,
    placeholder,
    minlength: limits.min_length?.toString(),
    maxlength: limits.max_length?.toString() ?? longest,
  };
  if (style === PARAGRAPH) return el('textarea', { ...given, rows: '4' }, value);
  return el('input', { ...given, type: 'text', value });
}

/** @param {HTMLFormElement} form */
function answersOf(form) {
  /** @type {Record<string, string | readonly string[]>} */
  const answers = {};
  for (const field of form.elements) {
    if (field instanceof HTMLSelectElement) {
      const values = [...field.selectedOptions].map((option) => option.value);
      answers[field.name] = values.filter((value) => value !== '');
    } else if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) {
      answers[field.name] = field.value;
    }
  }
  return answers;
}
