import { performance } from 'node:perf_hooks';
import { buildLogger } from '../src/adapters/system/pino-log.ts';
import { buildRecentLog } from '../src/adapters/system/recent-log.ts';
import { systemClock } from '../src/adapters/system/system-clock.ts';
import { openForPeople } from '../src/app/open-for-people.ts';
import { deferSchedule } from '../src/app/open-jobs.ts';
import { closeParts, openParts } from '../src/app/open-parts.ts';
import type { AppDeps } from '../src/app/parts.ts';
import { loadConfig } from '../src/config/load-config.ts';

/** What one look at all packages costs, in its own process. */
export interface CatalogRun {
  readonly refreshSeconds: number;
  /** Peak memory of the whole process, with everything it imports. */
  readonly peakMb: number;
  readonly listMs: number;
  readonly suggestP99Ms: number;
  readonly rows: number;
  readonly unknown: number;
}

const typed = ['', 'c', 'com.studio', 'com.studio.p1', 'P12', 'p999', '5', 'no such thing', 'com.studio.p0'];
const suggestions = 300;

/** Refreshes, lists and completes names; settings come from the environment. Prints the result as one line of JSON. */
async function main(): Promise<void> {
  const loaded = loadConfig();
  if (loaded.kind === 'problems') throw new Error(loaded.text);
  const redact = (text: string): string => text;
  const lines = buildLogger({ level: 'warn', redact, pretty: false, fd: 2 });
  const logger = buildRecentLog(lines, redact, () => systemClock.now());
  const deps: AppDeps = { ...loaded, clock: systemClock, logger, redact };
  const parts = await openParts(deps);
  await parts.store.repositories.addUnknown(loaded.config.repositories);
  const { operations } = openForPeople(deps, parts, {
    readiness: async () => Promise.reject(new Error('not asked here')),
    onAccepted: () => undefined,
    onActivated: () => undefined,
    cancelRunning: () => false,
    registrar: { request: async () => Promise.reject(new Error('not asked here')) },
    schedule: deferSchedule(() => {
      throw new Error('not asked here');
    }),
  });
  const began = performance.now();
  const answer = await operations.refreshDrift(undefined, () => undefined, new AbortController().signal);
  const refreshSeconds = (performance.now() - began) / 1000;
  if (answer.kind !== 'drift') throw new Error(JSON.stringify(answer));
  const listBegan = performance.now();
  await operations.listDrift(undefined);
  const listMs = performance.now() - listBegan;
  const times: number[] = [];
  for (let round = 0; round < suggestions; round++) {
    const at = performance.now();
    await parts.store.suggestions.suggestPackages(typed[round % typed.length] ?? '');
    times.push(performance.now() - at);
  }
  times.sort((a, b) => a - b);
  const run: CatalogRun = {
    refreshSeconds,
    peakMb: process.resourceUsage().maxRSS / 1024,
    listMs,
    suggestP99Ms: times[Math.floor(times.length * 0.99)] ?? 0,
    rows: Object.values(answer.summary).reduce((sum, count) => sum + count, 0),
    unknown: answer.summary.unknown,
  };
  process.stdout.write(`${JSON.stringify(run)}\n`);
  await closeParts(parts);
}

await main();
