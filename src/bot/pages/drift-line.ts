import type { DriftRow } from '../../domain/package/drift.ts';
import { driftWords } from '../messages/signs.ts';
import { inert } from '../text/text.ts';

/** Words drift as `🔼 name 1.1.0 → 1.2.0 · o/r`, at most about 340 characters. */
export function wordDrift(row: DriftRow, options: { readonly withRepository: boolean }): string {
  const { sign } = driftWords[row.kind];
  const where = options.withRepository ? ` · ${inert(row.repository, 90)}` : '';
  const detail = row.detail === undefined ? '' : ` · ${inert(row.detail, 70)}`;
  return `${sign} **${inert(row.name, 110)}** ${wordVersions(row)}${where}${detail}`;
}

function wordVersions({ headVersion, latest, kind }: DriftRow): string {
  const head = headVersion === undefined ? 'unreadable' : inert(headVersion, 30);
  if (kind === 'never-published' || kind === 'equal') return head;
  if (kind === 'unknown') return `${head}, the registry did not answer`;
  return latest === undefined ? head : `${inert(latest, 30)} → ${head}`;
}

/** Writes everything known of a row, for an attached file. */
export function listDrift(row: DriftRow): string {
  const { kind, name, headVersion, latest, repository, path, detail } = row;
  const versions = `head ${headVersion ?? 'unreadable'}, registry ${latest ?? '–'}`;
  return `${kind}  ${name}  ${versions}  ${repository}/${path}${detail === undefined ? '' : `  ${detail}`}`;
}
