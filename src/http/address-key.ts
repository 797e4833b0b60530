import { isIPv6 } from 'node:net';

/** Returns the key an address is counted under: the /64 for IPv6, since one person holds all of it. */
export function addressKey(address: string): string {
  if (!isIPv6(address) || address.startsWith('::')) return address;
  return expand(address).slice(0, 4).join(':');
}

function expand(address: string): readonly string[] {
  const [head = '', tail = ''] = address.split('::');
  const left = head.split(':');
  const right = tail === '' ? [] : tail.split(':');
  const zeros = Math.max(0, 8 - left.length - right.length);
  return [...left, ...Array.from({ length: address.includes('::') ? zeros : 0 }, () => '0'), ...right];
}
