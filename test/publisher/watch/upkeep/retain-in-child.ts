import { writeSync } from 'node:fs';
import { localDisk } from '../../../../src/adapters/system/audit-archive.ts';
import { openIn, retainIn } from './aged-store.ts';

/** Runs retention in its own process that can be killed, printing a line for each step that begins. */
function told<T extends object>(target: T): T {
  return new Proxy(target, {
    get: (owner, name) => {
      const method = Reflect.get(owner, name) as (...args: readonly unknown[]) => unknown;
      return (...args: readonly unknown[]) => {
        writeSync(1, `${String(name)}\n`);
        return method(...args);
      };
    },
  });
}

const [, , folder = ''] = process.argv;
const store = await openIn(folder);
await retainIn(folder, told(store.auditRetention), { disk: told(localDisk) });
await store.close();
