import { el } from './dom.js';
import { markdown } from './markdown.js';
import { inline } from './markdown-inline.js';
import { wordMoment } from './moment.js';

/**
 * @typedef {import('../../view.ts').EmbedView} Embed
 * @typedef {NonNullable<Embed['fields']>[number]} Field
 */

const perRow = 3;

/** @param {Embed} embed */
export function embedElement(embed) {
  const { title, description, url, color, timestamp, fields = [], footer, author, image } = embed;
  const box = el('div', { class: 'embed' }, [
    author !== undefined && el('div', { class: 'embed-author' }, author.name),
    title !== undefined && el('div', { class: 'embed-title' }, titleNodes(title, url)),
    description !== undefined && el('div', { class: 'embed-description' }, markdown(description)),
    fields.length > 0 && el('div', { class: 'embed-fields' }, fieldElements(fields)),
    image !== undefined && imageElement(image),
    footerElement(footer?.text, timestamp),
  ]);
  if (color !== undefined) box.style.borderLeftColor = `#${color.toString(16).padStart(6, '0')}`;
  return box;
}

/** @param {string} title @param {string | undefined} url */
function titleNodes(title, url) {
  const nodes = inline(title, { plain: true });
  if (url === undefined || !/^https?:/.test(url)) return nodes;
  return [el('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, nodes)];
}

/** Returns the elements of the fields; up to three inline fields share a row. @param {readonly Field[]} fields */
function fieldElements(fields) {
  /** @type {Field[][]} */
  const rows = [];
  for (const field of fields) {
    const last = rows.at(-1);
    const fits = field.inline && last !== undefined && last[0]?.inline === true && last.length < perRow;
    if (fits) last.push(field);
    else rows.push([field]);
  }
  return rows.flatMap((row) =>
    row.map(({ name, value }) =>
      el('div', { class: `field span-${12 / row.length}` }, [
        el('div', { class: 'field-name' }, inline(name, { plain: true })),
        el('div', { class: 'field-value' }, markdown(value)),
      ]),
    ),
  );
}

/** @param {NonNullable<Embed['image']>} image */
function imageElement({ url, width, height, description }) {
  return el('img', {
    class: 'embed-image',
    src: url,
    alt: description ?? '',
    width: width === undefined ? undefined : String(width),
    height: height === undefined ? undefined : String(height),
  });
}

/** @param {string | undefined} text @param {string | undefined} timestamp */
function footerElement(text, timestamp) {
  const parts = [text, timestamp === undefined ? undefined : wordMoment(Date.parse(timestamp))];
  const shown = parts.filter((part) => part !== undefined);
  return shown.length > 0 && el('div', { class: 'embed-footer' }, shown.join(' • '));
}
