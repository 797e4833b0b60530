import { readFileSync } from 'node:fs';

/**
 * Imported before a process's own code, it shows what a host shows whose clock is set: `Date` is as far off as the file
 * of STEPPED_DATE_FILE says, in milliseconds, and timers go on as they are. The threads of the process see the same.
 */
const file = process.env['STEPPED_DATE_FILE'] ?? '';
const HostDate = Date;
/** Often enough to be at once, and not once for each of the thousands of calls. */
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
