import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands } from '../src/bot/commands/index.ts';
import { buttonHandlers, componentHandlers, formHandlers } from '../src/bot/components/index.ts';
import { proposalKinds } from '../src/bot/proposals/index.ts';
import { scheduledJobNames } from '../src/domain/schedule/scheduled-jobs.ts';
import { routes } from '../src/http/routes/index.ts';
import { jobBuilders } from '../src/jobs/index.ts';
import { fixes } from '../src/publisher/preflight/fixes/index.ts';
import { rules } from '../src/publisher/preflight/rules/index.ts';
import { migrations } from '../src/store/engine/migrations/index.ts';
import { imports, listSources, root } from './source-files.ts';

/** Folders whose files are the entries of one list: a new entry is a new file and a line there. */
const lists: readonly { readonly folder: string; readonly list: readonly unknown[] }[] = [
  { folder: 'src/bot/commands', list: commands },
  { folder: 'src/bot/proposals', list: proposalKinds },
  { folder: 'src/http/routes', list: routes },
  { folder: 'src/publisher/preflight/rules', list: rules },
  { folder: 'src/publisher/preflight/fixes', list: fixes },
  { folder: 'src/store/engine/migrations', list: migrations },
];

describe('lists of registered parts', () => {
  it.each(lists)('of $folder contain what every file of it exports', async ({ folder, list }) => {
    const entries = new Set(
      list.flatMap((item) => [item, ...(typeof item === 'object' ? Object.values(item ?? {}) : [])]),
    );
    const missing: string[] = [];
    for (const file of listSources(folder).filter((name) => !name.endsWith('/index.ts'))) {
      const module = (await import(join(root, file))) as Record<string, unknown>;
      const forgotten = Object.keys(module).filter((name) => !entries.has(module[name]));
      missing.push(...forgotten.map((name) => `${file} exports ${name}, which is not in its list`));
    }
    expect(missing).toEqual([]);
  });

  it('of buttons and menus contain all of src/bot, each action once', async () => {
    const handlers: readonly unknown[] = [...buttonHandlers, ...componentHandlers, ...formHandlers];
    const files = ['src/bot/components', 'src/bot/menus']
      .flatMap(listSources)
      .filter((name) => /-(button|menu)\.ts$/.test(name));
    const missing: string[] = [];
    for (const file of files) {
      const module = (await import(join(root, file))) as Record<string, unknown>;
      if (!Object.values(module).some((exported) => handlers.includes(exported))) missing.push(file);
    }
    expect(missing).toEqual([]);
    const actions = [...buttonHandlers, ...componentHandlers, ...formHandlers].map(({ action }) => action);
    expect(new Set(actions).size).toBe(actions.length);
    expect(files).toHaveLength(actions.length);
  });

  it('of scheduled jobs contain every job of src/jobs, each with a schedule', async () => {
    const files = readdirSync(join(root, 'src/jobs'))
      .filter((name) => name.endsWith('.ts'))
      .filter((name) => !['index.ts', 'scheduler.ts', 'scheduled-job.ts'].includes(name));
    const builders: readonly unknown[] = jobBuilders;
    const missing: string[] = [];
    for (const file of files) {
      const module = (await import(join(root, 'src/jobs', file))) as Record<string, unknown>;
      if (!Object.values(module).some((exported) => builders.includes(exported))) missing.push(file);
    }
    expect(missing).toEqual([]);
    expect(files).toHaveLength(jobBuilders.length);
    const names = scheduledJobNames.map((name) => `${name}.ts`);
    expect(files.toSorted()).toEqual(names.toSorted());
  });

  it.each(lists)('of $folder have an entry from each of its files, each once', ({ folder, list }) => {
    const indexed = (imports.get(`${folder}/index.ts`) ?? []).filter(
      ({ isBare, isTypeOnly, target }) => !isBare && !isTypeOnly && dirname(target) === folder,
    );
    expect(list.length).toBeGreaterThanOrEqual(indexed.length);
    expect(new Set(list).size).toBe(list.length);
  });
});
