import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failure } from '../../../src/domain/failure/failure.ts';
import type { RefusedUpload } from '../../../src/ports/catalog.ts';
import { findBar } from '../../../src/publisher/package/refused-uploads.ts';
import { open, pass, store, useStillStore } from '../../store/still-store.ts';

const name = 'com.studio.core';
const why = failure('registry-forbidden', { name, detail: 'HTTP 403' });

function refusedWith(status: number, version: string): RefusedUpload {
  return { name, version, credentials: 'a', status, failure: why, refusedAt: 0 };
}

useStillStore();

const version = fc.constantFrom('1.0.0', '1.0.1', '1.1.0', '2.0.0');
const refused = fc.array(
  fc.tuple(fc.constantFrom(401, 403), version).map(([status, of]) => refusedWith(status, of)),
);

describe('an upload that was refused to a token', () => {
  it('is repeated only for a person, once for each time they ask', () => {
    fc.assert(
      fc.property(refused, version, (known, asked) => {
        expect(findBar(known, asked, true)).toBeUndefined();
      }),
    );
    fc.assert(
      fc.property(refused, version, fc.constantFrom(401, 403), (known, asked, status) => {
        expect(findBar([...known, refusedWith(status, asked)], asked, false)).toBeDefined();
      }),
    );
  });

  it('with 401 stops every version of the name', () => {
    expect(findBar([refusedWith(401, '1.0.0')], '2.0.0', false)).toMatchObject({ version: '1.0.0' });
  });

  it('with 403 stops that version, and every version once a second one was refused', () => {
    const first = refusedWith(403, '1.0.0');
    expect(findBar([first], '1.0.0', false)).toBe(first);
    expect(findBar([first], '1.0.1', false)).toBeUndefined();
    expect(findBar([refusedWith(403, '1.0.1'), first], '2.0.0', false)).toMatchObject({ version: '1.0.1' });
  });
});

describe('the memory of refused uploads', () => {
  const of = (version: string, credentials: string) =>
    ({ name, version, credentials, status: 403, failure: why }) as const;
  const versionsOf = async (credentials: string) =>
    (await store.ledger.listRefused(name, credentials)).map((item) => item.version);

  it('is kept by token, outlives the process, and has each version once', async () => {
    await store.ledger.saveRefused(of('1.0.0', 'a'));
    pass(1_000);
    await store.ledger.saveRefused(of('1.1.0', 'a'));
    await store.ledger.saveRefused(of('1.0.0', 'a'));
    expect((await versionsOf('a')).toSorted()).toEqual(['1.0.0', '1.1.0']);
    expect(await versionsOf('b')).toEqual([]);
    await store.close();
    const next = await open();
    expect(await next.ledger.listRefused(name, 'a')).toHaveLength(2);
    expect(await next.ledger.listRefused('com.studio.other', 'a')).toEqual([]);
    await next.close();
  });

  it('is cleared with another token, and when the name is published', async () => {
    await store.ledger.saveRefused(of('1.0.0', 'a'));
    await store.ledger.saveRefused(of('1.1.0', 'b'));
    expect(await versionsOf('a')).toEqual([]);
    expect(await versionsOf('b')).toEqual(['1.1.0']);
    await store.ledger.forgetRefused(name);
    expect(await versionsOf('b')).toEqual([]);
  });
});
