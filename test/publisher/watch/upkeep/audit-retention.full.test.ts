import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { localDisk } from '../../../../src/adapters/system/audit-archive.ts';
import { addAuditRows, cutoff, listAuditTimes, now, readArchives, retainIn } from './aged-store.ts';
import { folder, reopen, replaceStore, store, useRetainedStore } from './retained-store.ts';

useRetainedStore();

/**
 * Passes calls on until its turn comes; then it ends before that step, or right after it, and passes nothing on any
 * more.
 */
class Killer {
  #left: number;
  readonly #isAfter: boolean;
  constructor(step: number, isAfter: boolean) {
    this.#left = step;
    this.#isAfter = isAfter;
  }
  get hasStruck(): boolean {
    return this.#left <= 0;
  }
  wrap<T extends object>(target: T): T {
    const killed = (): Error => new Error('killed');
    return new Proxy(target, {
      get: (owner, name) => {
        const method = Reflect.get(owner, name) as (...args: readonly unknown[]) => unknown;
        return (...args: readonly unknown[]) => {
          if (this.#left <= 0) throw killed();
          this.#left--;
          if (this.#left > 0) return method(...args);
          if (!this.#isAfter) throw killed();
          const result = method(...args);
          // The call only opens a stream; reading from it is a separate step.
          return result instanceof Promise ? result.then(() => Promise.reject(killed())) : result;
        };
      },
    });
  }
}

describe('retention that is killed', () => {
  const times = [cutoff - 3, cutoff - 2, now - 5, cutoff - 1, now];

  it.each([false, true])('at any step (after it: %s) neither loses nor doubles a row', async (isAfter) => {
    let step = 1;
    for (; ; step++) {
      await replaceStore();
      addAuditRows(folder, times);
      const killer = new Killer(step, isAfter);
      const run = retainIn(folder, killer.wrap(store.auditRetention), { disk: killer.wrap(localDisk) });
      const ended = await run.catch((error: unknown) => error);
      if (!killer.hasStruck) break;
      expect(ended, `at step ${step}`).toBeInstanceOf(Error);
      const seen = (await readArchives(folder)).map(({ id }) => id);
      expect([[], [1, 2, 4]], `in files, at step ${step}`).toContainEqual(seen);
      expect(
        listAuditTimes(folder).filter((at) => at >= cutoff),
        `at step ${step}`,
      ).toHaveLength(2);
      // Some time has passed until it runs again.
      await retainIn(folder, store.auditRetention, { laterMs: 1 });
      expect(
        (await readArchives(folder)).map(({ id }) => id),
        `at step ${step}`,
      ).toEqual([1, 2, 4]);
      expect(listAuditTimes(folder), `at step ${step}`).toEqual([now - 5, now]);
    }
    expect(step).toBeGreaterThan(10);
  });

  it.each([1, 3, 5, 6, 8, 12])(
    'in its own process at step %i neither loses nor doubles a row',
    async (step) => {
      const old = Array.from({ length: 12_000 }, (_, index) => cutoff - 20_000 + index);
      addAuditRows(folder, [...old, now]);
      await store.close();
      await killAtStep(step);
      await reopen();
      await retainIn(folder, store.auditRetention, { laterMs: 1 });
      const ids = (await readArchives(folder)).map(({ id }) => id);
      expect(ids).toEqual(old.map((_, index) => index + 1));
      expect(listAuditTimes(folder)).toEqual([now]);
    },
  );
});

async function killAtStep(step: number): Promise<void> {
  const script = fileURLToPath(new URL('retain-in-child.ts', import.meta.url));
  const flags = ['--disable-warning=ExperimentalWarning', script, folder];
  const child: ChildProcessByStdio<null, Readable, null> = spawn(process.execPath, flags, {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  let steps = 0;
  for await (const _ of createInterface(child.stdout)) if (++steps === step) child.kill('SIGKILL');
  expect(await closed).toEqual([null, 'SIGKILL']);
}
