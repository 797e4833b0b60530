import { isObject, readJsonObject } from '../../../domain/text/json-object.ts';
import type { FileChange, PackageToFix } from '../fixes/fix.ts';

type Fields = Readonly<Record<string, unknown>>;

export interface ManifestEdit {
  /** Fields that package.json is to have. */
  readonly fields: Fields;
  /** Makes the same change in the text, so that nothing else moves; used only if it leads to the same fields. */
  byHand(text: string): string;
}

/** Returns no change when package.json cannot be read, or nothing has to change. */
export function editManifest(
  { texts }: PackageToFix,
  decide: (fields: Fields) => ManifestEdit | undefined,
): readonly FileChange[] {
  const text = texts.get('package.json');
  const fields = text === undefined ? undefined : readJsonObject(text);
  const edit = fields === undefined ? undefined : decide(fields);
  if (text === undefined || edit === undefined) return [];
  const edited = edit.byHand(text);
  const wanted = JSON.stringify(edit.fields);
  const isSame = JSON.stringify(readJsonObject(edited)) === wanted;
  return [{ kind: 'written', path: 'package.json', content: isSame ? edited : rewrite(text, edit.fields) }];
}

/** Writes package.json anew in the author's indentation. */
function rewrite(text: string, fields: Fields): string {
  const indent = /^\uFEFF?\{\r?\n([ \t]{1,8})"/.exec(text)?.[1] ?? 2;
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  return `${mark}${JSON.stringify(fields, null, indent).replaceAll('\n', end)}${text.endsWith('\n') ? end : ''}`;
}

/** Returns the texts of a list; undefined when the value is not a list, or holds something else. */
export function readTexts(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const list: readonly unknown[] = value;
  return list.every((item) => typeof item === 'string') ? list : undefined;
}

export function readObjects(value: unknown): readonly Fields[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const list: readonly unknown[] = value;
  return list.every(isObject) ? list : undefined;
}
