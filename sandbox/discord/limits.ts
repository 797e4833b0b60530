import type { FormProblem } from './api-error.ts';
import { isObject, type JsonObject, objectsOf, textOf } from './json.ts';

const MAX_CONTENT = 2000;
const MAX_EMBED_TOTAL = 6000;
const MAX_ROWS = 5;
const MAX_FILE_BYTES = 10 * 1024 * 1024;
const MAX_REQUEST_BYTES = 25 * 1024 * 1024;

type Path = FormProblem['path'];

/** Returns whether the files of a request are too large, one of them or all together. */
export function areFilesTooLarge(sizes: readonly number[]): boolean {
  return (
    sizes.some((bytes) => bytes > MAX_FILE_BYTES) ||
    sizes.reduce((sum, bytes) => sum + bytes, 0) > MAX_REQUEST_BYTES
  );
}

/** Checks the limits of a message that Discord's published schema does not state. */
export function checkMessageLimits(body: JsonObject, above: Path = []): FormProblem[] {
  return [
    ...checkContent(body['content'], [...above, 'content']),
    ...checkEmbeds(body['embeds'], [...above, 'embeds']),
    ...checkComponents(body['components'], [...above, 'components']),
  ];
}

function checkContent(content: unknown, path: Path): FormProblem[] {
  if (textOf(content).length <= MAX_CONTENT) return [];
  return [{ path, code: 'BASE_TYPE_MAX_LENGTH', message: `Must be ${MAX_CONTENT} or fewer in length.` }];
}

function checkEmbeds(embeds: unknown, path: Path): FormProblem[] {
  const list = objectsOf(embeds);
  const problems = list.flatMap((embed, index) => checkEmbed(embed, [...path, index]));
  const total = list.reduce((sum, embed) => sum + embedLength(embed), 0);
  if (total <= MAX_EMBED_TOTAL) return problems;
  const message = `Embed size exceeds maximum size of ${MAX_EMBED_TOTAL}`;
  return [...problems, { path, code: 'MAX_EMBED_SIZE_EXCEEDED', message }];
}

/** Counts the characters of an embed for the limit of 6,000: title, description, fields, footer and author. */
export function embedLength(embed: JsonObject): number {
  const nested = (key: string, member: string) => {
    const value = embed[key];
    return isObject(value) ? textOf(value[member]).length : 0;
  };
  const fields = objectsOf(embed['fields']).reduce(
    (sum, field) => sum + textOf(field['name']).length + textOf(field['value']).length,
    0,
  );
  const own = textOf(embed['title']).length + textOf(embed['description']).length;
  return own + fields + nested('footer', 'text') + nested('author', 'name');
}

function checkEmbed(embed: JsonObject, path: Path): FormProblem[] {
  const blanks = objectsOf(embed['fields']).flatMap((field, index) =>
    ['name', 'value']
      .filter((member) => textOf(field[member]).trim() === '')
      .map((member) => required([...path, 'fields', index, member])),
  );
  return [...blanks, ...checkUrl(embed['url'], [...path, 'url'])];
}

function required(path: Path): FormProblem {
  return { path, code: 'BASE_TYPE_REQUIRED', message: 'This field is required' };
}

function checkUrl(url: unknown, path: Path): FormProblem[] {
  if (typeof url !== 'string' || /^(https?|discord):\/\//i.test(url)) return [];
  const message = "Scheme must be one of ('http', 'https').";
  return [{ path, code: 'URL_TYPE_INVALID_SCHEME', message }];
}

function checkComponents(components: unknown, path: Path): FormProblem[] {
  const rows = objectsOf(components);
  const problems = rows.flatMap((row, index) => checkRow(row, [...path, index]));
  if (rows.length > MAX_ROWS) {
    problems.push({ path, code: 'BASE_TYPE_BAD_LENGTH', message: 'Must be between 1 and 5 in length.' });
  }
  return [...problems, ...checkCustomIds(rows, path)];
}

function checkRow(row: JsonObject, path: Path): FormProblem[] {
  if (row['type'] !== 1) {
    const message = 'Value of field "type" must be one of (1,).';
    return [{ path: [...path, 'type'], code: 'UNION_TYPE_CHOICES', message }];
  }
  const children = objectsOf(row['components']);
  const problems = children.flatMap((child, index) => checkButton(child, [...path, 'components', index]));
  const selects = children.filter((child) => child['type'] !== 2).length;
  if (selects > 0 && children.length > 1) {
    const message = 'The specified component exceeds the maximum width';
    problems.push({ path, code: 'COMPONENT_LAYOUT_WIDTH_EXCEEDED', message });
  }
  return problems;
}

/** Checks a button: it has either a custom id or (style 5) a URL, and a label or an emoji. */
function checkButton(button: JsonObject, path: Path): FormProblem[] {
  if (button['type'] !== 2) return [];
  const [wanted, unwanted] =
    button['style'] === 5 ? (['url', 'custom_id'] as const) : (['custom_id', 'url'] as const);
  const isBlank = textOf(button['label']).trim() === '' && !isObject(button['emoji']);
  const both = {
    path: [...path, unwanted],
    code: 'BUTTON_COMPONENT_CUSTOM_ID_AND_URL',
    message: 'A custom id and url cannot both be specified',
  };
  return [
    ...(button[wanted] ? [] : [required([...path, wanted])]),
    ...(button[unwanted] ? [both] : []),
    ...(isBlank ? [required([...path, 'label'])] : []),
    ...checkUrl(button['url'], [...path, 'url']),
  ];
}

function checkCustomIds(rows: readonly JsonObject[], path: Path): FormProblem[] {
  const seen = new Set<unknown>();
  const problems: FormProblem[] = [];
  for (const [rowIndex, row] of rows.entries()) {
    for (const [index, child] of objectsOf(row['components']).entries()) {
      const customId = child['custom_id'];
      if (customId === undefined || customId === null) continue;
      if (seen.has(customId)) {
        const message = 'Component custom id cannot be duplicated';
        const where = [...path, rowIndex, 'components', index, 'custom_id'];
        problems.push({ path: where, code: 'COMPONENT_CUSTOM_ID_DUPLICATED', message });
      }
      seen.add(customId);
    }
  }
  return problems;
}
