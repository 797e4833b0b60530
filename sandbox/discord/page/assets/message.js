import { componentRows } from './components.js';
import { el } from './dom.js';
import { embedElement } from './embed.js';
import { fileElement } from './file.js';
import { markdown } from './markdown.js';
import { inline } from './markdown-inline.js';
import { wordMoment } from './moment.js';
import { store } from './store.js';

/** @typedef {import('./store.js').LiveMessage} LiveMessage */

const excerptLength = 120;

/**
 * @param {LiveMessage} message
 * @param {() => void} onDismiss
 */
export function messageElement(message, onDismiss) {
  const { id, author, at, visibleTo } = message;
  const isEphemeral = visibleTo !== undefined;
  const kind = isEphemeral ? 'message ephemeral' : 'message';
  const trouble = store.troubles.get(id);
  return el('article', { class: kind, 'data-id': id, 'aria-label': `Message of ${author}` }, [
    lineAbove(message),
    el('div', { class: 'avatar', 'aria-hidden': 'true' }, '📦'),
    el('div', { class: 'body' }, [
      el('header', {}, [
        el('span', { class: 'author' }, author),
        el('span', { class: 'badge' }, 'APP'),
        el('time', { datetime: new Date(at).toISOString() }, wordMoment(at)),
      ]),
      contentElement(message),
      ...message.embeds.map(embedElement),
      ...message.attachments.map(fileElement),
      ...componentRows(message),
      trouble !== undefined && el('p', { class: 'trouble', role: 'alert' }, trouble),
      isEphemeral && dismissLine(onDismiss),
    ]),
  ]);
}

/** @param {LiveMessage} message */
function contentElement({ content, isThinking, editedAt, author }) {
  if (isThinking) return el('div', { class: 'content thinking' }, `${author} is thinking…`);
  const nodes = markdown(content);
  if (editedAt !== undefined) {
    const mark = el('span', { class: 'edited' }, ' (edited)');
    const last = nodes.at(-1);
    // Puts the mark behind the last words, not below them.
    if (last instanceof Element && last.className === 'lines') last.append(mark);
    else nodes.push(mark);
  }
  return el('div', { class: 'content' }, nodes);
}

/** Returns the line above a message: what it replies to, or who used which command. @param {LiveMessage} message */
function lineAbove({ asked, reference }) {
  if (asked !== undefined) {
    return el('div', { class: 'above' }, [
      el('strong', {}, asked.by),
      ' used ',
      el('span', { class: 'mention' }, asked.typed),
    ]);
  }
  if (reference === undefined) return undefined;
  const target = store.messages.get(reference);
  if (target === undefined)
    return el('div', { class: 'above' }, el('em', {}, 'Original message was deleted'));
  const [line = ''] = target.content.split('\n');
  const words =
    line === '' ? [el('em', {}, 'Click to see attachment')] : inline(line.slice(0, excerptLength));
  return el('div', { class: 'above' }, [
    el('strong', {}, `@${target.author}`),
    ' ',
    el('span', { class: 'excerpt' }, words),
  ]);
}

/** @param {() => void} onDismiss */
function dismissLine(onDismiss) {
  return el('p', { class: 'only-you' }, [
    '👁 Only you can see this · ',
    el('button', { type: 'button', class: 'as-link', click: onDismiss }, 'Dismiss message'),
  ]);
}
