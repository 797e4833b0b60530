import { describe, expect, it } from 'vitest';
import type { HistoryCommit } from '../../../src/domain/changelog/changelog.ts';
import { commit, word } from './worded.ts';

/** Takes commits oldest first, as they were made; returns what the entry says, without references. */
async function told(...made: readonly HistoryCommit[]): Promise<readonly string[]> {
  const { body } = await word(made.toReversed(), undefined);
  return body
    .replaceAll(/ \(\[.*\)$/gm, '')
    .split('\n')
    .filter((line) => line !== '');
}

const nothing = ['- Nothing'];
const rugs = commit('Add rugs (#13)');
const revertBody = (of: HistoryCommit): string => `This reverts commit ${of.commit}.`;

describe('a change and the commit that reverts it', () => {
  const typed = commit('feat: add rugs');
  const plain = commit('Add rugs');
  const pairs: readonly (readonly [string, HistoryCommit, HistoryCommit])[] = [
    ['git', plain, commit('Revert "Add rugs"', revertBody(plain))],
    ['git, of a squashed one', rugs, commit('Revert "Add rugs (#13)"', revertBody(rugs))],
    ['GitHub’s button, squashed', rugs, commit('Revert "Add rugs" (#14)', 'Reverts studio/tools#13')],
    ['GitHub’s button after a rename', rugs, commit('Revert "Add rugs" (#14)', 'Reverts studio/old-name#13')],
    [
      'GitLab’s button',
      commit('Add rugs (!13)'),
      commit('Revert "Add rugs"', 'This reverts merge request !13'),
    ],
    ['Conventional Commits', typed, commit('revert: feat: add rugs', revertBody(typed))],
    ['Conventional Commits’ footer', typed, commit('revert: no more rugs', `Refs: ${typed.commit}`)],
    ['words alone', typed, commit('revert: feat: add rugs')],
    ['words alone, without the type', typed, commit('[Revert] feat: add rugs')],
    ['an emoji in front', plain, commit('⏪ Revert "Add rugs"')],
    [
      'an id that is gone since a rebase',
      plain,
      commit('Revert "Add rugs"', `This reverts commit ${'f'.repeat(40)}.`),
    ],
    ['free words with an id', plain, commit('Reverted the rugs', revertBody(plain))],
  ];

  it.each(pairs)('are both left out when the revert says so by %s', async (_how, made, revert) => {
    expect(await told(made, revert)).toEqual(nothing);
  });

  it.each(pairs.slice(0, 6))(
    'are listed as a revert when it says so by %s and the change was published before',
    async (_how, _made, revert) => {
      expect(await told(revert)).toEqual(['### Removed', '- Reverted: Add rugs']);
    },
  );

  it('come back by a revert of the revert, however git and git hosts name that', async () => {
    const revert = commit('Revert "Add rugs" (#14)', 'Reverts studio/tools#13');
    const anew: readonly HistoryCommit[] = [
      commit('Revert "Revert "Add rugs" (#14)" (#15)', revertBody(revert)),
      commit('Revert "Revert "Add rugs"" (#15)', 'Reverts studio/tools#14'),
      commit('Reapply "Add rugs" (#14)', revertBody(revert)),
      commit('Reapply "Add rugs"'),
    ];
    for (const again of anew) expect(await told(rugs, revert, again)).toEqual(['### Added', '- Add rugs']);
    const [, , reapply] = anew;
    if (reapply === undefined) throw new Error('there is no such commit');
    expect(await told(rugs, revert, reapply, commit('Revert "Reapply "Add rugs""'))).toEqual(nothing);
    expect(await told(reapply)).toEqual(['### Added', '- Brought back: Add rugs']);
  });

  it('are not seen in a quoted revert, or in words that name no commit', async () => {
    const quoting = commit('fix: walls', `As said before: This reverts commit ${rugs.commit}.`);
    expect(await told(rugs, quoting)).toEqual(['### Added', '- Add rugs', '### Fixed', '- Walls']);
    expect(await told(rugs, commit('Revert to the old shader'))).toEqual([
      '### Added',
      '- Add rugs',
      '### Changed',
      '- Revert to the old shader',
    ]);
    const other = commit('Revert "Add lamps" (#9)', 'Reverts elsewhere/other#13');
    expect(await told(rugs, other)).toContain('- Add rugs');
  });

  it('are left out when one commit reverts several, but the revert stays if some were published before', async () => {
    const lamps = commit('Add lamps');
    const both = commit('Revert "Add rugs and lamps"', `${revertBody(rugs)}\n${revertBody(lamps)}`);
    expect(await told(rugs, lamps, both)).toEqual(nothing);
    expect(await told(lamps, both)).toEqual(['### Removed', '- Reverted: Add rugs and lamps']);
  });
});

describe('a commit’s subject', () => {
  const untold = [
    'v2.0.4',
    '2.0.4',
    '2.0.4-beta.1',
    'Version 2.0.4',
    'Version bump',
    'version bump 2.0.4 (#12)',
    'Bump version',
    'Bump version to 2.0.4',
    'Bump package version from 2.0.3 to 2.0.4',
    'bumped version number',
    'Update version to 2.0.4',
    'Increment version',
    'Raise the version',
    'Release 2.0.4',
    'Release v2.0.4 [skip ci]',
    'Prepare for 2.0.4 release',
    'Preparing release',
    'First release',
    'chore(release): 2.0.4 [skip ci]',
    'chore(main): release 2.0.4 (#31)',
    'chore: release main',
    'chore: bump version',
    'build(release): anything at all',
    'Version Packages (#3)',
    'Update CHANGELOG.md',
    'docs: update changelog',
    'Publish',
    'Bump version to: v2.0.4',
    ':bookmark: v2.0.4',
    '🔖 2.0.4',
    'Bump com.studio.core to 2.0.4',
    'com.studio.core@2.0.4',
    'core v2.0.4',
    '+semver: minor',
    'fixup! Add rugs',
    'squash! Add rugs',
    'amend! Add rugs',
    "Merge branch 'main' into rugs",
    'Merge pull request #12 from studio/rugs',
    "Merge remote-tracking branch 'origin/main'",
    'Merged in rugs (pull request #3)',
    'Merge main into rugs/big',
    'Merge main',
    'Merge release/2.0 into main (#5)',
    'wip',
    'WIP.',
    '.',
    '---',
    '123',
    '🎉',
    'fix:',
    'feat(doors):',
  ];

  it.each(untold)('is left out when it says nothing to readers: %j', async (subject) => {
    const { items } = await word([commit(subject)], undefined, undefined, ['com.studio.core']);
    expect(items.map(({ text }) => text)).toEqual([]);
  });

  const told = [
    'Bump Newtonsoft.Json to 13.0.1',
    'Update UI to 2.0.1',
    'Upgrade to Unity 6000.0.1',
    'Update package icons',
    'Merge meshes when importing',
    'Merge meshes into one',
    'Release handles on stop',
    'Update minimum Unity version',
    'feat(release): show what is new',
    'Changelog window',
    'Version check at start',
    'Publish events twice',
    'Fix log level',
    'Set version of the save format',
    'Cleanup',
    'Change',
    'Update 3 rugs',
    'Wipe the board',
  ];

  it.each(told)('is kept although it resembles one that says nothing: %j', async (subject) => {
    const { items } = await word([commit(subject)], undefined, undefined, ['com.studio.core']);
    expect(items).toHaveLength(1);
  });

  it('is replaced by the title of the pull request where a git host put that below its own words', async () => {
    const squashed = commit('Merge pull request #12 from studio/rugs', 'Add rugs\n\nAll of wool.');
    expect(await bodyOf(squashed)).toContain('- Add rugs ([#12](');
    expect(await bodyOf(commit('Merged PR 12: Fix walls'))).toContain('- Fix walls (');
  });

  async function bodyOf(made: HistoryCommit): Promise<string> {
    return (await word([made], undefined)).body;
  }
});
