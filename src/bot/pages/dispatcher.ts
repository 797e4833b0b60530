import type { DispatcherAnswer } from '../../publisher/operations/request-dispatcher.ts';
import { type Links, link } from '../messages/look.ts';
import { code, inert } from '../text/text.ts';

type Opened = Extract<DispatcherAnswer['answer'], { readonly kind: 'opened' }>;

/** The longest text of GitHub's that an answer shows. */
const detailMax = 600;

const onceMerged =
  'Once it is merged, by whomever, the repository becomes active and what it lacks on the registry is published.';

/** Words the result of the pull request that adds the dispatcher, and what follows. */
export function wordDispatcher(asked: DispatcherAnswer, links: Links): string {
  const change = asked.change === undefined ? '' : `\n• ${inert(asked.change, detailMax)}`;
  return `${wordAnswer(asked, links)}${change}`;
}

function wordAnswer({ repository, answer }: DispatcherAnswer, links: Links): string {
  const slug = code(repository.slug, 200);
  if (answer.kind === 'nothing-to-change') return `✅ ${slug} has its dispatcher already.`;
  if (answer.kind === 'refused') {
    return `⚠️ **No pull request could be opened in ${slug}.** ${inert(answer.detail, detailMax)}\n→ It is ${repository.status}, as before. Mend that and run \`/register add\` again, or choose “webhook or sweep covers it”.`;
  }
  const pull = linkPull(repository.slug, answer, links);
  const { merge } = answer;
  if (merge === undefined) return `✅ ${pull} is open in ${slug}.\n→ ${onceMerged}`;
  if (merge.kind === 'waiting')
    return `⏳ ${pull} is open in ${slug}. The publisher merges it as soon as its checks and reviews allow it; it looks every five minutes.\n→ ${onceMerged}`;
  if (merge.kind === 'refused' || merge.kind === 'foreign')
    return `⚠️ ${pull} is open in ${slug}, but GitHub does not merge it: ${inert(merge.detail, detailMax)}\n→ Merge it there when that is mended. ${onceMerged}`;
  return `✅ ${pull} is merged: ${slug} has its dispatcher.\n→ It becomes active, and what it lacks on the registry is published; the thread tells.`;
}

/** Words the result of the pull request that deletes the dispatcher of a removed repository. */
export function wordDispatcherRemoval({ repository, answer }: DispatcherAnswer, links: Links): string {
  if (answer.kind === 'nothing-to-change') return 'It has no dispatcher that could be deleted.';
  if (answer.kind === 'refused')
    return `⚠️ Its dispatcher stays: ${inert(answer.detail, detailMax)} Until it is deleted there, its runs fail.`;
  return `${linkPull(repository.slug, answer, links)} deletes its dispatcher. Merge it there; until then its runs fail.`;
}

/** What somebody who presses second is told. */
export function noteDispatcher({ answer }: DispatcherAnswer): string {
  if (answer.kind === 'nothing-to-change') return 'registered; the dispatcher was there';
  if (answer.kind === 'refused') return 'no pull request could be opened';
  const { merge, pullRequest } = answer;
  return `pull request #${pullRequest.number} is ${merge?.kind === 'merged' ? 'merged' : 'open'}`;
}

/** Builds the link from known parts, not from the URL that came from outside. */
function linkPull(slug: string, { pullRequest }: Opened, { gitServerUrl }: Links): string {
  const { number } = pullRequest;
  return link(`Pull request #${number}`, `${gitServerUrl}/${slug}/pull/${number}`);
}
