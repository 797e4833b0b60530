import { emptyMessage, type FormProblem } from './api-error.ts';
import { isObject, type JsonObject, objectsOf, textOf, withoutNulls } from './json.ts';
import type { Pings, StoredFile } from './state.ts';

/** A file of a multipart request; `index` is the number in `files[0]`. */
export interface UploadedFile {
  readonly index: string;
  readonly filename: string;
  readonly contentType: string;
  readonly bytes: Buffer;
}

/** Returns embeds as Discord gives them back: trimmed, without nulls, always with `inline`. */
export function storeEmbeds(embeds: unknown): JsonObject[] {
  return objectsOf(embeds).map((embed) => {
    const { title, description, timestamp, fields, ...rest } = withoutNulls(embed);
    return {
      ...rest,
      type: 'rich',
      ...(textOf(title).trim() ? { title: textOf(title).trim() } : {}),
      ...(textOf(description).trim() ? { description: textOf(description).trim() } : {}),
      ...(timestamp === undefined ? {} : { timestamp: new Date(textOf(timestamp)).toISOString() }),
      ...(fields === undefined ? {} : { fields: objectsOf(fields).map(storeField) }),
    };
  });
}

function storeField(field: JsonObject): JsonObject {
  return {
    name: textOf(field['name']).trim(),
    value: textOf(field['value']).trim(),
    inline: field['inline'] === true,
  };
}

/** Returns components as Discord gives them back: numbered from 1 through the whole message. */
export function storeComponents(components: unknown): JsonObject[] {
  let last = 0;
  const number = (component: JsonObject): JsonObject => {
    last += 1;
    const own = { ...withoutNulls(component), id: last };
    if (component['type'] === 1)
      return { ...own, components: objectsOf(component['components']).map(number) };
    if (component['type'] !== 3) return own;
    return { min_values: 1, max_values: 1, ...own };
  };
  return objectsOf(components).map(number);
}

export function storeFiles(
  declared: unknown,
  files: readonly UploadedFile[],
  nextId: () => string,
): StoredFile[] {
  const details = new Map(objectsOf(declared).map((entry) => [String(entry['id']), entry]));
  return files.map((file) => {
    const entry = details.get(file.index);
    return {
      id: nextId(),
      // Discord keeps only letters, digits, dots, dashes and underscores of a file's name.
      filename: (textOf(entry?.['filename']) || file.filename).replaceAll(/[^\w.-]/g, '_'),
      description: typeof entry?.['description'] === 'string' ? entry['description'] : undefined,
      contentType: file.contentType,
      bytes: file.bytes,
    };
  });
}

/** Returns the attachments that remain after an edit: those that `attachments` names, or all when it is left out. */
export function keptFiles(body: JsonObject, before: readonly StoredFile[]): readonly StoredFile[] {
  if (body['attachments'] === undefined) return before;
  const kept = new Set(objectsOf(body['attachments']).map((entry) => String(entry['id'])));
  return before.filter((file) => kept.has(file.id));
}

/** Checks that each declared attachment has its file, or (in an edit) an attachment with its id. */
export function checkDeclaredFiles(
  body: JsonObject,
  files: readonly UploadedFile[],
  before: readonly StoredFile[] = [],
): FormProblem[] {
  const known = new Set([...files.map((file) => file.index), ...before.map((file) => file.id)]);
  return objectsOf(body['attachments']).flatMap((entry, index) =>
    known.has(String(entry['id']))
      ? []
      : [
          {
            path: ['attachments', index],
            code: 'ATTACHMENT_NOT_FOUND',
            message: 'Attachment data not found',
          },
        ],
  );
}

/** Throws 50006 when the message would show nothing. */
export function refuseEmpty(parts: {
  readonly content: string;
  readonly embeds: readonly unknown[];
  readonly components: readonly unknown[];
  readonly attachments: readonly unknown[];
}): void {
  const lists = [parts.embeds, parts.components, parts.attachments];
  if (parts.content.trim() === '' && lists.every((list) => list.length === 0)) throw emptyMessage();
}

/** Returns whom `content` notifies; without `allowed_mentions`, everybody whom it names. */
export function pingsOf(content: string, allowed: unknown): Pings {
  const all = ['users', 'roles', 'everyone'];
  const limits = isObject(allowed) ? allowed : { parse: all };
  const parse = listOf(limits['parse']);
  const named = (pattern: RegExp) => [...content.matchAll(pattern)].map((match) => match[1] ?? '');
  const permitted = (kind: string) => (id: string) =>
    parse.includes(kind) || listOf(limits[kind]).includes(id);
  return {
    everyone: parse.includes('everyone') && /@(everyone|here)\b/.test(content),
    users: [...new Set(named(/<@!?(\d+)>/g))].filter(permitted('users')),
    roles: [...new Set(named(/<@&(\d+)>/g))].filter(permitted('roles')),
  };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
