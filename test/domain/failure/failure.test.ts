import { describe, expect, it } from 'vitest';
import {
  type Failure,
  failure,
  failureCatalogue,
  renderFailure,
} from '../../../src/domain/failure/failure.ts';

const path = 'Models/Tree.fbx';
/** The fact in a failure's title that its remedy refers to. */
const pointsAt: Readonly<Record<string, string>> = {
  'commit-not-on-branch': 'branches',
  'pack-failed': 'problem',
  'preflight-rejected': 'first',
  'registry-rejected-package': 'detail',
};

describe('a failure', () => {
  it('of Git LFS counts its files as people do, and says why', () => {
    const why = 'the git host does not have it';
    const titles = [1, 3].map(
      (count) => renderFailure(failure('lfs-object-missing', { path, count, why })).title,
    );
    expect(titles).toEqual([
      'Models/Tree.fbx is a Git LFS pointer without its contents (the git host does not have it)',
      '3 files are Git LFS pointers without their contents; first: Models/Tree.fbx (the git host does not have it)',
    ]);
  });

  it('that was stored before a fact existed is shown without it', () => {
    const stored = JSON.parse(
      `{"reason":"lfs-object-missing","facts":{"path":"${path}","count":1}}`,
    ) as Failure;
    expect(renderFailure(stored).title).toBe('Models/Tree.fbx is a Git LFS pointer without its contents');
  });

  it.each(Object.keys(failureCatalogue))(
    '%s reads well: no “(s)”, and a remedy that is a sentence',
    (reason) => {
      const facts = new Proxy({}, { get: (_target, name) => (name === 'count' ? 2 : 'x') });
      const { title, remedy } = renderFailure({ reason, facts } as Failure);
      expect(`${title} ${remedy}`).not.toMatch(/\(s\)|undefined|null|\[object/);
      expect(title).not.toMatch(/[.!]$/);
      expect(remedy).toMatch(/^[A-Z`].*\.$/s);
    },
  );

  it.each(Object.keys(failureCatalogue))(
    '%s has a remedy that refers only to what the title says',
    (reason) => {
      const facts = new Proxy({}, { get: (_target, name) => (name === 'count' ? 2 : `‹${String(name)}›`) });
      const { title, remedy } = renderFailure({ reason, facts } as Failure);
      const isPointing = /\b(?:these|those|listed|named|answer|stands there)\b/.test(remedy);
      expect(title).toContain(isPointing ? `‹${pointsAt[reason]}›` : '');
    },
  );
});
