import type { HistoryCommit } from '../../../domain/changelog/changelog.ts';
import { dropNumbers } from './read-revert.ts';

/** Words that only go around a version number. */
const around = new Set(
  `a an and auto automated automatically beta alpha begin bump bumped bumping bumps change changed changelog changelogs
  changes.md changelog.md commit dev development draft final finalize first fix for from hotfix in increase increased
  increment incremented init initial is latest log major manifest master main minor my new next no notes npm number
  numbers of openupm our own package package.json packages patch pkg post pre prepare prepared preparation preparing
  preview project publish published publishes publishing raise raised rc registry release released releases releasing
  semver set ship snapshot stable tag tagged the this to update updated updates updating upgrade upgraded upm ver
  version versioning versions with`.split(/\s+/),
);
/** One of these words has to occur, because `Update the package` may be anything. */
const telling =
  /^(?:bump(?:s|ed|ing)?|changelogs?|changelog\.md|ver|versions?|versioning|releas(?:e|es|ed|ing)|publish(?:es|ed|ing)?|semver)$/;
const versionNumber = /^[v^~]?\d{1,10}(?:\.(?:\d{1,10}|x)){0,3}(?:[-+][0-9a-z.+-]{1,60})?$/;
const hollow = /^(?:(?:wip|tmp|temp|work in progress)\b[\s.!:-]*|\W{0,4}\w{1,20}(?:\([^)]{0,60}\))?!?:)$/i;
const beforeSquash = /^(?:fixup|squash|amend)!\s/;
const merges: readonly RegExp[] = [
  /^merged? (?:remote-tracking )?(?:branch|branches|tag|commit|commits|pull request|merge request)\b.{0,3}['"#!0-9]/i,
  /^merged? (?:pull request|pr|mr) [#!]?\d/i,
  /^merged? in \S+ \(pull request #\d{1,9}\)/i,
  /^merged? (?:from |with |in )?(?:\S+\/)?(?:main|master|develop|dev|trunk|staging|next)(?: (?:branch|into|to|from|in)\b.{0,80})?$/i,
  /^merged? (?:branch )?(?:\S+ into (?:\S*\/\S*|main|master|develop|dev|trunk|staging)|\S*\/\S* into \S+)$/i,
  /^merged? (?:from |branch )?(?:release|hotfix|feature|bugfix|origin|upstream)\/\S+$/i,
];
const ofRelease =
  /^\W{0,4}(?:chore|build|ci|docs|release)\((?:[^)]{0,40}[-/ ])?(?:release|version|versions|changelog|publish)\)!?:/i;
const byTool = /^\W{0,4}(?:chore|build|ci|docs|release|version|misc)(?:\([^)]{0,60}\))?!?:\s*/i;

/**
 * Whether a commit says nothing that a reader of a changelog looks for: a version number, a merge, a fixup that is to
 * be squashed, or no word at all. `names` are the names of the package.
 */
export function isUntold(
  { subject }: Pick<HistoryCommit, 'subject'>,
  names: readonly string[] = [],
): boolean {
  const text = dropNumbers(dropMarks(subject));
  if (!/\p{L}/u.test(text) || hollow.test(text) || beforeSquash.test(text)) return true;
  if (ofRelease.test(text) || merges.some((merge) => merge.test(text))) return true;
  return isOfVersion(text.replace(byTool, ''), names);
}

/** Returns the subject without marks for build servers. */
export function dropMarks(subject: string): string {
  const marks =
    /\[(?:skip ci|ci skip|no ci|skip actions|actions skip|skip-ci|skip netlify)\]|\*\*\*NO_CI\*\*\*/gi;
  return subject.replaceAll(marks, '').trim();
}

/**
 * Whether the text is about a version only: `v2.0.4`, `Bump version to 2.0.4`, `Prepare the release`,
 * `com.studio.core@2.0.4`.
 */
function isOfVersion(text: string, names: readonly string[]): boolean {
  const own = new Set(
    names.flatMap((name) => [name.toLowerCase(), name.toLowerCase().split('.').at(-1) ?? '']),
  );
  const words = text
    .toLowerCase()
    .replaceAll(/:[a-z0-9_+-]{1,40}:/g, ' ')
    .split(/[\s:,;()[\]"'`“”‘’!?=>@&/→➡|*_#]+|[.](?=\s|$)|(?<=\s)[-–—+.]+(?=\s|$)/u)
    .map((word) => word.replace(/^[^\p{L}\p{N}^~]+/u, '').replace(/(?<![-.])[-.]+$/, ''))
    .filter((word) => word !== '');
  let isTold = false;
  for (const word of words) {
    const isVersion = versionNumber.test(word);
    if (!isVersion && !around.has(word) && !own.has(word)) return false;
    isTold ||= (isVersion && (word.startsWith('v') || word.includes('.'))) || telling.test(word);
  }
  return isTold;
}
