import { el } from './dom.js';

/** Shows an attached text: its name and size, and the whole text once it is opened. */
/** @param {{ readonly name: string, readonly bytes: number, readonly path: string }} file */
export function fileElement({ name, bytes, path }) {
  const text = el('pre', { class: 'file-text' });
  const details = el('details', { class: 'file' }, [
    el('summary', {}, [
      '📄 ',
      el('span', { class: 'file-name' }, name),
      ' ',
      el('small', {}, wordSize(bytes)),
    ]),
    text,
    el('a', { href: path, target: '_blank', rel: 'noopener noreferrer' }, 'Open alone'),
  ]);
  details.addEventListener('toggle', () => {
    if (details.open && text.textContent === '') void load(text, path);
  });
  return details;
}

/** @param {HTMLElement} text @param {string} path */
async function load(text, path) {
  const response = await fetch(path);
  text.textContent = response.ok ? await response.text() : 'It is no longer there.';
}

/** @param {number} bytes */
function wordSize(bytes) {
  if (bytes < 1024) return `${bytes} bytes`;
  return bytes < 1024 ** 2 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1024 ** 2).toFixed(1)} MB`;
}
