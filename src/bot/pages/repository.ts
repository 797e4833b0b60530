import type { Repository } from '../../domain/repository/repository.ts';
import type { ChangeAnswer } from '../../publisher/operations/answers.ts';
import { code, inert, takeLines } from '../text/text.ts';

const changesMax = 800;

/** Words `o/r is registered.` and its changes, one line each. */
export function wordChanged({ repository, changes }: ChangeAnswer, what: string): string {
  const lines = takeLines(
    changes.map((change) => `• ${inert(change, 300)}`),
    changesMax,
  );
  const more = lines.left === 0 ? '' : `\n+ ${lines.left} more`;
  return `✅ ${code(repository.slug, 200)} ${what}.\n${lines.text}${more}`.trim();
}

/** Words status, mode, branches, scopes, rules and fixes on a few lines. */
export function wordSettings(repository: Repository): string {
  const branches = repository.branches.length === 0 ? 'the default branch' : listCodes(repository.branches);
  const scopes = repository.scopes.length === 0 ? 'all allowed ones' : listCodes(repository.scopes);
  const set = Object.entries(repository.rules).map(([id, level]) => `${id}=${level}`);
  return [
    `${repository.status} · ${repository.mode}`,
    `branches: ${branches}`,
    `scopes: ${scopes}`,
    ...(set.length === 0 ? [] : [`rules: ${listCodes(set)}`]),
    ...(repository.fixes === 'off' ? [] : [`fixes: ${code(repository.fixes, 20)}`]),
  ].join('\n');
}

const itemsShown = 6;

function listCodes(items: readonly string[]): string {
  const shown = items.slice(0, itemsShown).map((item) => code(item, 60));
  const more = items.length - shown.length;
  return more > 0 ? `${shown.join(', ')} + ${more} more` : shown.join(', ');
}
