import { type CommitOptions, folderMeta, meta, type TreeFiles, unityPackage } from './unity-repository.ts';

export interface Sample {
  readonly first: CommitOptions;
  readonly bump: CommitOptions;
  /** A commit without a `.meta`: preflight stops it and can repair it. */
  readonly forgotten: CommitOptions;
  readonly mistake: CommitOptions;
  /** Name of a package that depends on another one of the sample. */
  readonly installs: string;
}

const inventoryFolder = 'Packages/Inventory';

/**
 * Builds a studio's repository: packages that depend on each other, and files beside them that must not be published.
 */
export function sampleRepository(): Sample {
  return {
    first: { message: 'Add our packages', files: { ...listPackages(), ...listStrangers() } },
    bump: {
      message: 'Fix the null reference when a scene unloads while an event is sent (#41)',
      files: bumpCore(),
    },
    forgotten: { message: 'Add a grid for the backpack (#42)', files: addGrid() },
    mistake: {
      message: 'Inventory preview.3',
      files: {
        [`${inventoryFolder}/package.json`]:
          '{\n  "name": "com.studio.inventory"\n  "version": "0.3.0-preview.3"\n}\n',
      },
    },
    installs: 'com.studio.ui',
  };
}

function core(version: string, changelog?: string): TreeFiles {
  return unityPackage('com.studio.core', version, {
    folder: 'Packages/Core',
    ...(changelog === undefined ? {} : { files: { 'CHANGELOG.md': changelog } }),
  });
}

function inventory(version: string): TreeFiles {
  const name = 'com.studio.inventory';
  const items = '### Added\n- Stacks of items, with a limit for each kind\n- Sorting by rarity\n';
  const files = { 'CHANGELOG.md': writeChangelog('0.3.0-preview.1', '2026-11-09', items) };
  return unityPackage(name, version, { folder: inventoryFolder, files });
}

function listPackages(): TreeFiles {
  const events = '### Added\n- `EventBus`: messages between systems that do not know each other\n';
  const themes =
    '### Added\n- Themes that change while the game runs\n\n### Fixed\n- Focus is kept when a panel closes\n';
  return {
    ...core('2.0.0', writeChangelog('2.0.0', '2026-11-02', events)),
    ...unityPackage('com.studio.ui', '1.2.0', {
      folder: 'Packages/UI Toolkit & Ünits',
      dependencies: { 'com.studio.core': '2.0.0' },
      files: { 'CHANGELOG.md': writeChangelog('1.2.0', '2026-11-05', themes) },
    }),
    ...inventory('0.3.0-preview.1'),
  };
}

/** Lists files that must not be published: the game itself, bought assets, and what tools leave behind. */
function listStrangers(): TreeFiles {
  return {
    ...unityPackage('com.studio.game', '1.0.0', { folder: 'Game', manifest: { private: true } }),
    ...unityPackage('com.vendor.shaders', '4.1.0', { folder: 'Packages/Shaders' }),
    ...unityPackage('com.studio.skill', '1.0.0', { folder: '.claude/skills/unity' }),
    'Packages/Core/Samples.meta': folderMeta('samples'),
  };
}

/** Bumps the core package without a changelog entry, because the publisher writes it. */
function bumpCore(): TreeFiles {
  const { 'Packages/Core/package.json': manifest = '' } = core('2.0.1');
  return {
    'Packages/Core/package.json': manifest,
    'Packages/Core/Runtime/EventBus.cs': 'namespace Com.Studio.Core { public sealed class EventBus { } }\n',
    'Packages/Core/Runtime/EventBus.cs.meta': meta('event bus'),
  };
}

/** Adds a script without its `.meta`. */
function addGrid(): TreeFiles {
  const path = `${inventoryFolder}/package.json`;
  return {
    [path]: inventory('0.3.0-preview.2')[path] ?? '',
    [`${inventoryFolder}/Runtime/Grid.cs`]:
      'namespace Com.Studio.Inventory { public sealed class Grid { } }\n',
  };
}

function writeChangelog(version: string, date: string, items: string): string {
  return `# Changelog\n\n## [${version}] - ${date}\n\n${items}`;
}
