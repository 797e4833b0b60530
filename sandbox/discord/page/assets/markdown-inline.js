import { el } from './dom.js';
import { timestamp } from './moment.js';
import { store } from './store.js';

/** `plain` is set where Discord renders neither links nor mentions (titles and field names of embeds). */
/** @typedef {{ plain?: boolean }} InlineOptions */
/** @typedef {(match: RegExpExecArray, options: InlineOptions) => Node | undefined} Build */

/** @param {keyof HTMLElementTagNameMap} tag @returns {Build} */
const wrap = (tag) => (match, options) => el(tag, {}, inline(match[1] ?? '', options));

/**
 * Patterns that are tried at each place of the text; the first that returns a node wins. A function that returns
 * undefined leaves its match as plain text.
 * @type {readonly (readonly [RegExp, Build])[]}
 */
const rules = [
  [/\\([^0-9A-Za-z\s])/y, (match) => new Text(match[1])],
  [/(`+)([^`]|[^`][\s\S]*?[^`])\1(?!`)/y, (match) => el('code', {}, trimCode(match[2] ?? ''))],
  [/<t:(-?\d{1,13})(?::([tTdDfFR]))?>/y, (match, { plain }) => (plain ? undefined : moment(match))],
  [/<(@!?|@&|#)(\d{1,20})>/y, (match, { plain }) => (plain ? undefined : mention(match))],
  [
    /@(everyone|here)\b/y,
    (match, { plain }) => (plain ? undefined : el('span', { class: 'mention' }, match[0])),
  ],
  [/<a?:(\w{2,32}):\d{1,20}>/y, (match) => el('span', { class: 'emoji' }, `:${match[1]}:`)],
  [/\[((?:\\.|[^\\[\]\n])+)\]\(<?(https?:\/\/[^\s<>()]+)>?\)/y, maskedLink],
  [/<(https?:\/\/[^\s<>]+)>/y, (match, { plain }) => (plain ? undefined : bareLink(match[1] ?? ''))],
  [
    /https?:\/\/[^\s<>()"']*[^\s<>()"'.,:;!?\]]/y,
    (match, { plain }) => (plain ? undefined : bareLink(match[0])),
  ],
  [/\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)/y, wrap('strong')],
  [/__((?:\\[\s\S]|[^\\])+?)__(?!_)/y, wrap('u')],
  [/\*(?=\S)((?:\\[\s\S]|\*\*|[^\\*])+?)(?<!\s)\*(?!\*)/y, wrap('em')],
  [/_((?:\\[\s\S]|__|[^\\_])+?)_(?!\w)/y, wrap('em')],
  [/~~((?:\\[\s\S]|[^\\])+?)~~/y, wrap('s')],
  [/\|\|((?:\\[\s\S]|[^\\])+?)\|\|/y, spoiler],
];

/** Characters that a rule can begin with; `h` is for http. */
const starts = /[\\`<@[h*_~|]/;

/**
 * Renders Discord's inline markdown as nodes. Everything that is not markdown becomes text.
 * @param {string} text
 * @param {InlineOptions} [options]
 * @returns {Node[]}
 */
export function inline(text, options = {}) {
  /** @type {Node[]} */
  const nodes = [];
  let plain = '';
  for (let at = 0; at < text.length; ) {
    const found = matchAt(text, at, options);
    if (found.node === undefined) plain += found.text;
    else {
      if (plain !== '') nodes.push(new Text(plain));
      plain = '';
      nodes.push(found.node);
    }
    at += found.text.length;
  }
  if (plain !== '') nodes.push(new Text(plain));
  return nodes;
}

/**
 * @param {string} text
 * @param {number} at
 * @param {InlineOptions} options
 * @returns {{ text: string, node?: Node }}
 */
function matchAt(text, at, options) {
  const first = text.slice(at, at + 1);
  if (!starts.test(first)) return { text: first };
  for (const [pattern, build] of rules) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    const node = match === null ? undefined : build(match, options);
    if (match !== null && node !== undefined) return { text: match[0], node };
  }
  return { text: first };
}

/**
 * Removes a blank next to a back-tick at either end, which is not part of the code.
 * @param {string} code
 */
function trimCode(code) {
  return code.replace(/^ (?=`)|(?<=`) $/g, '');
}

/** @param {RegExpExecArray} match */
function moment(match) {
  const at = Number(match[1]) * 1000;
  return Number.isNaN(new Date(at).getTime()) ? undefined : timestamp(at, match[2] ?? 'f');
}

/** @param {RegExpExecArray} match */
function mention([, kind = '', id = '']) {
  const { users, roles, channels } = store.names;
  if (kind === '#') return el('span', { class: 'mention' }, `# ${channels[id] ?? 'unknown'}`);
  const name = kind === '@&' ? (roles[id] ?? 'unknown-role') : (users[id] ?? 'unknown-user');
  return el('span', { class: 'mention' }, `@${name}`);
}

/** @type {Build} */
function maskedLink([, text = '', url = ''], options) {
  return options.plain ? undefined : anchor(url, inline(text, { ...options, plain: true }));
}

/** @param {string} url */
function bareLink(url) {
  return anchor(url, [new Text(url)]);
}

/** @param {string} url @param {Node[]} children */
function anchor(url, children) {
  // Only for safety: the patterns let nothing but http and https through.
  if (!URL.canParse(url)) return undefined;
  return el('a', { href: url, title: url, target: '_blank', rel: 'noopener noreferrer' }, children);
}

/** @type {Build} */
function spoiler([, text = ''], options) {
  const hidden = el('span', { class: 'spoiler', role: 'button', tabindex: '0', 'aria-label': 'Spoiler' });
  hidden.append(...inline(text, options));
  hidden.addEventListener('click', () => hidden.classList.add('shown'));
  return hidden;
}
