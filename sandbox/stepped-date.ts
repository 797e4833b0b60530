import { readFileSync } from 'node:fs';

/**
 * Imported before a process's own code, this behaves like a host whose clock is set: `Date` is off by the milliseconds
 * in the file of STEPPED_DATE_FILE, while timers go on unchanged. The process's threads see the same.
 */
const file = process.env['STEPPED_DATE_FILE'] ?? '';
const HostDate = Date;
/**
 * Milliseconds between reads of the file: soon enough to seem immediate, and not once for each of thousands of calls.
 */
const readEveryMs = 20;
let readAt = Number.NEGATIVE_INFINITY;
let aheadMs = 0;

function now(): number {
  if (performance.now() - readAt > readEveryMs) {
    aheadMs = Number(readFileSync(file, 'utf8'));
    readAt = performance.now();
  }
  return HostDate.now() + aheadMs;
}

globalThis.Date = new Proxy(HostDate, {
  apply: () => new HostDate(now()).toString(),
  construct: (target, args, made) => Reflect.construct(target, args.length === 0 ? [now()] : args, made),
  get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
});
