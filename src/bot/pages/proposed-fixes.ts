import type { ProposedFix } from '../../domain/announcement/announcement.ts';
import type { NotFound, Refused } from '../../publisher/operations/answers.ts';
import type { ProposedFixes } from '../../publisher/operations/propose-fix.ts';
import { link } from '../messages/look.ts';
import { wordRefusal } from '../messages/refusals.ts';
import { cut, inert, limits } from '../text/text.ts';

type Answer = ProposedFixes | NotFound | Refused;
type Proposed = ProposedFixes['packages'][number];

const listed = 10;

/** Words the result of Propose fix for the presser. */
export function wordProposed(answer: Answer): string {
  if (answer.kind !== 'proposed-fixes') return wordRefusal(answer);
  const { packages } = answer;
  if (packages.length === 0) {
    return 'Nothing of it can be repaired without a decision of yours: each finding says what to change.';
  }
  const left = packages.length - listed;
  const lines = packages.slice(0, listed).map(wordPackage);
  return cut([...lines, ...(left > 0 ? [`… and ${left} more.`] : [])].join('\n'), limits.content);
}

function wordPackage(item: Proposed): string {
  const name = inert(item.name, 100);
  if (item.kind === 'refused') return `⚠️ ${name}: ${inert(item.detail, 500)}`;
  const { number, state, url } = item.pullRequest;
  const where = link(`pull request #${number}`, url);
  if (state === 'merged') return `✅ ${name}: ${where} was merged already; there is nothing to do.`;
  if (state === 'closed')
    return `${name}: ${where} was closed without being merged. Reopen it, or correct it by hand.`;
  const done = item.isNew ? 'opened' : 'there is already';
  return `🔧 ${name}: ${done} ${where}. ${wordMerging(item)}`;
}

/** Words what merging does, and what remains to do. */
function wordMerging({ isStopped, leaves }: Extract<Proposed, { readonly kind: 'proposed' }>): string {
  if (!isStopped) return 'Merge it to have the repair in the repository; what was published stays as it is.';
  if (leaves.length === 0) return 'Merge it, and the version that was stopped is published.';
  const rules = leaves.map((rule) => inert(rule, 60)).join(', ');
  return `Merge it and correct the rest (${rules}); then the version that was stopped is published.`;
}

/** Words the note on the message of the failed job. */
export function noteFixes(fixes: readonly ProposedFix[]): string {
  const links = fixes
    .slice(0, listed)
    .map(({ name, pullRequest, url }) => `${link(`pull request #${pullRequest}`, url)} (${inert(name, 80)})`);
  const left = fixes.length - links.length;
  return `🔧 Proposed fix: ${links.join(', ')}${left > 0 ? ` and ${left} more` : ''}`;
}
