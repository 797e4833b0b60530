import { type CommitOptions, folderMeta, unityPackage } from './unity-repository.ts';

export interface Sample {
  readonly first: CommitOptions;
  readonly bump: CommitOptions;
  readonly mistake: CommitOptions;
  /** Depends on another package of the sample. */
  readonly installs: string;
}

/** A studio's repository: packages that depend on each other, and the things beside them that must stay at home. */
export function sampleRepository(): Sample {
  const core = (version: string) => unityPackage('com.studio.core', version, { folder: 'Packages/Core' });
  const ui = unityPackage('com.studio.ui', '1.2.0', {
    folder: 'Packages/UI Toolkit & Ünits',
    dependencies: { 'com.studio.core': '2.0.0' },
  });
  const inventory = unityPackage('com.studio.inventory', '0.3.0-preview.1', { folder: 'Packages/Inventory' });
  const app = unityPackage('com.studio.game', '1.0.0', { folder: 'Game', manifest: { private: true } });
  const vendor = unityPackage('com.vendor.shaders', '4.1.0', { folder: 'Packages/Shaders' });
  const skill = unityPackage('com.studio.skill', '1.0.0', { folder: '.claude/skills/unity' });
  const broken = '{\n  "name": "com.studio.inventory"\n  "version": "0.3.0-preview.2"\n}\n';
  return {
    first: {
      message: 'Add our packages',
      files: {
        ...core('2.0.0'),
        ...ui,
        ...inventory,
        ...app,
        ...vendor,
        ...skill,
        'Packages/Core/Samples.meta': folderMeta('samples'),
      },
    },
    bump: { message: 'Core 2.0.1', files: core('2.0.1') },
    mistake: { message: 'Inventory preview.2', files: { 'Packages/Inventory/package.json': broken } },
    installs: 'com.studio.ui',
  };
}
