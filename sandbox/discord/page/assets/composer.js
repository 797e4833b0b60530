import { commandForm } from './command-form.js';
import { listCommands } from './command-list.js';
import { el } from './dom.js';
import { showModal } from './modal.js';
import { createNotices } from './notices.js';
import { createPicker } from './picker.js';
import { act } from './service.js';
import { store } from './store.js';

/** @typedef {import('./command-list.js').Command} Command */

/**
 * Starts the line at the bottom: `/` lists the commands, a person chooses one, types its options, and Enter sends it.
 * @param {HTMLElement} root
 */
export function startComposer(root) {
  const notices = createNotices();
  const line = commandLine(notices, type);

  /** @param {Command} command */
  function type(command) {
    const form = commandForm(command, { onSend: (body) => void send(command, body), onCancel: rest });
    root.replaceChildren(notices.element, form.element);
    form.focus();
  }

  function rest() {
    root.replaceChildren(notices.element, line.picker, line.input);
    line.input.value = '';
    line.input.focus();
  }

  /** @param {Command} command @param {object} body */
  async function send(command, body) {
    rest();
    const sent = notices.say(`Sending ${command.title}…`);
    try {
      const { modal } = await act('command', body);
      sent();
      if (modal !== undefined) showModal(modal);
    } catch (error) {
      notices.say(`${command.title}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  root.replaceChildren(notices.element, line.picker, line.input);
  return line;
}

/**
 * @param {ReturnType<typeof createNotices>} notices
 * @param {(command: Command) => void} onChosen
 */
function commandLine(notices, onChosen) {
  const picker = createPicker();
  const placeholder = 'Type / for the commands of the bot';
  const input = el('input', { type: 'text', autocomplete: 'off', 'aria-label': 'Message', placeholder });
  input.addEventListener('input', suggest);
  input.addEventListener('blur', () => picker.hide());
  input.addEventListener('keydown', (event) => {
    if (picker.takeKey(event) || event.key !== 'Enter' || input.value === '') return;
    notices.say('The bot reads commands only: type / for a list of them.');
  });

  function suggest() {
    if (!input.value.startsWith('/')) {
      picker.hide();
      return;
    }
    const commands = listCommands(store.commands);
    const found = commands.filter(({ title }) => title.startsWith(input.value.trimEnd()));
    picker.show(found.map((command) => toItem(command)));
    if (commands.length === 0) notices.say('The bot has registered no commands.');
  }

  /** @param {Command} command */
  function toItem(command) {
    const pick = () => {
      picker.hide();
      onChosen(command);
    };
    return { label: command.title, hint: command.description, pick };
  }

  return {
    input,
    picker: picker.element,
    commandsChanged() {
      if (document.activeElement === input) suggest();
    },
  };
}
