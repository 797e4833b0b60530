import type { Embed } from '../../ports/chat.ts';
import type { ChangelogAnswer } from '../../publisher/operations/read-changelog.ts';
import { type Reply, replyOf } from '../interactions/reply.ts';
import { colors } from '../messages/look.ts';
import { safeMarkdown, takeWholeLines } from '../text/markdown.ts';
import { inert, limits } from '../text/text.ts';
import { fileName, shownName } from './lists.ts';

/** Characters reserved for the line that says that there is more. */
const moreMax = 60;

/** Shows the changelog of one version, or of unpublished changes; a long one is also attached as a file. */
export function renderChangelog(answer: ChangelogAnswer, at: number): Reply {
  const { name, version, markdown, wordedByModel } = answer;
  const safe = safeMarkdown(markdown);
  const shown = takeWholeLines(safe, limits.description - moreMax);
  const text = safe === '' ? 'Nothing is written about it.' : shown.text;
  const embed: Embed = {
    title: `📝 ${shownName(name)} ${version === undefined ? 'not published yet' : inert(version, 80)}`,
    color: version === undefined ? colors.waiting : colors.published,
    description: shown.isWhole ? text : `${text}\n\n… the whole text is attached`.trim(),
    fields: [],
    footer: wordedByModel ? 'Worded by a language model' : '',
    at,
  };
  const file = {
    name: `${fileName(`changelog-${name}-${version ?? 'unreleased'}`)}.md`,
    text: markdown.toWellFormed(),
  };
  return replyOf({ embeds: [embed], files: shown.isWhole ? [] : [file] });
}
