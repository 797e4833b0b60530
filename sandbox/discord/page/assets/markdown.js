import { el } from './dom.js';
import { inline } from './markdown-inline.js';

/** @typedef {{ readonly rest: readonly string[], readonly node: Node }} Taken */

/** Each function takes the first lines of a text, or returns undefined when they are not of its kind. */
const blocks = [takeHeading, takeSubtext, takeRestQuote, takeQuote, takeList, takeLines];

/**
 * Renders Discord's markdown of a message or an embed as nodes.
 * @param {string} text
 * @returns {Node[]}
 */
export function markdown(text) {
  /** @type {Node[]} */
  const nodes = [];
  const fence = /```(?:([\w+\-.#]+)\n)?\n*([\s\S]*?)\n*```/g;
  let from = 0;
  for (const match of text.matchAll(fence)) {
    if ((match[2] ?? '').trim() === '' || isEscaped(text, match.index)) continue;
    nodes.push(...paragraphs(text.slice(from, match.index).replace(/\n$/, '')));
    nodes.push(el('pre', {}, el('code', { 'data-language': match[1] }, match[2])));
    from = match.index + match[0].length;
  }
  return [...nodes, ...paragraphs(text.slice(from).replace(from > 0 ? /^\n/ : /^$/, ''))];
}

/** @param {string} text @param {number} at */
function isEscaped(text, at) {
  return (/\\*$/.exec(text.slice(0, at))?.[0].length ?? 0) % 2 === 1;
}

/** @param {string} text @returns {Node[]} */
function paragraphs(text) {
  /** @type {Node[]} */
  const nodes = [];
  /** @type {readonly string[]} */
  let lines = text === '' ? [] : text.split('\n');
  while (lines.length > 0) {
    const taken = takeBlock(lines);
    nodes.push(taken.node);
    lines = taken.rest;
  }
  return nodes;
}

/** @param {readonly string[]} lines @returns {Taken} */
function takeBlock(lines) {
  for (const take of blocks) {
    const taken = take(lines);
    if (taken !== undefined) return taken;
  }
  throw new Error('takeLines takes everything');
}

/** @param {readonly string[]} lines @returns {Taken | undefined} */
function takeHeading([first = '', ...rest]) {
  const [, marks, text = ''] = /^(#{1,3})\s+(.+)$/.exec(first) ?? [];
  if (marks === undefined) return undefined;
  const tag = /** @type {const} */ (['h3', 'h4', 'h5'])[marks.length - 1] ?? 'h5';
  return { rest, node: el(tag, {}, inline(text)) };
}

/** @param {readonly string[]} lines @returns {Taken | undefined} */
function takeSubtext([first = '', ...rest]) {
  const text = /^-#\s+(.+)$/.exec(first)?.[1];
  return text === undefined ? undefined : { rest, node: el('div', { class: 'subtext' }, inline(text)) };
}

/**
 * Takes `>>>`, a quote of everything that follows.
 * @param {readonly string[]} lines
 * @returns {Taken | undefined}
 */
function takeRestQuote([first = '', ...rest]) {
  const text = /^>>>\s+(.*)$/.exec(first)?.[1];
  if (text === undefined) return undefined;
  return { rest: [], node: el('blockquote', {}, paragraphs([text, ...rest].join('\n'))) };
}

/** @param {readonly string[]} lines @returns {Taken | undefined} */
function takeQuote(lines) {
  const quoted = takeWhile(lines, (line) => line.startsWith('> '));
  if (quoted.length === 0) return undefined;
  const text = quoted.map((line) => line.slice(2)).join('\n');
  return { rest: lines.slice(quoted.length), node: el('blockquote', {}, paragraphs(text)) };
}

/** @param {readonly string[]} lines @returns {Taken | undefined} */
function takeList(lines) {
  const item = /^( *)([-*]|\d{1,3}\.) +(.+)$/;
  const items = takeWhile(lines, (line) => item.test(line)).map((line) => {
    const [, blanks = '', mark = '', text = ''] = item.exec(line) ?? [];
    return el('div', { class: `item depth-${Math.min(3, Math.floor(blanks.length / 2))}` }, [
      el('span', { class: 'mark' }, /\d/.test(mark) ? mark : '•'),
      el('span', {}, inline(text)),
    ]);
  });
  return items.length === 0
    ? undefined
    : { rest: lines.slice(items.length), node: el('div', { class: 'list' }, items) };
}

/**
 * Takes lines of no other kind and keeps their line breaks.
 * @param {readonly string[]} lines
 * @returns {Taken}
 */
function takeLines(lines) {
  const isOther = (/** @type {string} */ line) =>
    /^(#{1,3}\s+\S|-#\s+\S|>>>\s|> | *([-*]|\d{1,3}\.) +\S)/.test(line);
  const own = [lines[0] ?? '', ...takeWhile(lines.slice(1), (line) => !isOther(line))];
  return { rest: lines.slice(own.length), node: el('div', { class: 'lines' }, inline(own.join('\n'))) };
}

/** @template T @param {readonly T[]} items @param {(item: T) => boolean} fits @returns {readonly T[]} */
function takeWhile(items, fits) {
  const end = items.findIndex((item) => !fits(item));
  return end < 0 ? items : items.slice(0, end);
}
