import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderFailure } from '../../../src/domain/failure/failure.ts';
import { decideTrouble, NameRefusal, type NameTrouble } from '../../../src/domain/failure/name-trouble.ts';

const troubles: fc.Arbitrary<NameTrouble> = fc.oneof(
  fc.record({ kind: fc.constant('forbidden' as const), status: fc.constantFrom(401, 403) }),
  fc.record({
    kind: fc.constant('forwarded' as const),
    status: fc.constantFrom(301, 302, 303, 307, 308),
    to: fc.webAuthority().map((host) => `https://${host}`),
  }),
  fc.record({ kind: fc.constant('unreadable' as const), detail: fc.string() }),
  fc.record({
    kind: fc.constant('unavailable' as const),
    detail: fc.string(),
    retryAfterMs: fc.option(fc.nat(), { nil: undefined }),
  }),
);

describe('trouble with one package name after a successful probe', () => {
  it('has passed when the registry answers for the name again', () => {
    for (const answersOthers of [true, false]) {
      expect(decideTrouble({ again: undefined, answersOthers })).toBe('passed');
    }
  });

  it('belongs to the name whenever the registry answers for another one', () => {
    fc.assert(
      fc.property(troubles, (again) => {
        expect(decideTrouble({ again, answersOthers: true })).toBe('name');
      }),
    );
  });

  it('belongs to the registry only when other names fail too, in a way that may pass', () => {
    fc.assert(
      fc.property(troubles, (again) => {
        const whose = decideTrouble({ again, answersOthers: false });
        expect(whose).toBe(again.kind === 'unavailable' ? 'registry' : 'name');
      }),
    );
  });

  it('names the package in its message, and never advises another registry', () => {
    fc.assert(
      fc.property(troubles, (trouble) => {
        const refusal = new NameRefusal('com.studio.core', trouble);
        const { title, remedy, retry } = renderFailure(refusal.failure);
        expect(title).toContain('com.studio.core');
        expect(remedy).not.toContain('UPM_REGISTRY');
        expect(retry).toBe(refusal.mayPass ? 'automatic' : 'after-fix');
      }),
    );
  });
});
