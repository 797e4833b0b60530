import { describe, expect, it } from 'vitest';
import { buildFailureLimiter } from '../../src/http/failure-limiter.ts';

function build(addresses = 100) {
  const time = { ms: 0 };
  const limiter = buildFailureLimiter({ failures: 2, windowMs: 60_000, addresses, now: () => time.ms });
  return { time, fail: (address: string) => limiter.countFailure(address) };
}

describe('the failure limiter', () => {
  it('returns the seconds to wait from the first failure too many until the window ends', () => {
    const { time, fail } = build();
    expect([fail('192.0.2.1'), fail('192.0.2.1')]).toEqual([undefined, undefined]);
    time.ms = 10_500;
    expect(fail('192.0.2.1')).toBe(50);
    expect(fail('192.0.2.2')).toBeUndefined();
    time.ms = 60_000;
    expect(fail('192.0.2.1')).toBeUndefined();
  });

  it('counts a /64 of IPv6 as one address', () => {
    const { fail } = build();
    fail('2001:db8:1:2::1');
    fail('2001:db8:1:2:ffff:ffff:ffff:ffff');
    expect(fail('2001:db8:1:2::abcd')).toBe(60);
    expect(fail('2001:db8:1:3::1')).toBeUndefined();
  });

  it('remembers a limited number of addresses, and forgets the oldest first', () => {
    const { fail } = build(2);
    for (const address of ['a', 'a', 'b', 'b', 'c']) fail(address);
    expect(fail('b')).toBe(60);
    expect(fail('a')).toBeUndefined();
  });

  it('takes no more memory for very many addresses than for those it remembers', () => {
    const { fail } = build(1_000);
    const names = (block: number): string => `10.${block >> 16}.${(block >> 8) & 255}.${block & 255}`;
    for (let address = 0; address < 100_000; address++) fail(names(address));
    fail('last');
    fail('last');
    expect(fail('last')).toBe(60);
    // Only the last thousand addresses are still counted.
    fail(names(99_999));
    expect(fail(names(99_999))).toBe(60);
    fail(names(1));
    expect(fail(names(1))).toBeUndefined();
  });
});
