import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { commands } from '../src/bot/commands/index.ts';
import { buttonHandlers, componentHandlers, formHandlers } from '../src/bot/components/index.ts';
import { proposalKinds } from '../src/bot/proposals/index.ts';
import { scheduledJobNames } from '../src/domain/scheduled-jobs.ts';
import { routes } from '../src/http/routes/index.ts';
import { jobBuilders } from '../src/jobs/index.ts';
import { rules } from '../src/publisher/preflight/index.ts';
import { fixes } from '../src/publisher/preflight-fixes/index.ts';
import { migrations } from '../src/store/migrations/index.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Import {
  /** Relative to the project, or the bare name as it is written. */
  readonly target: string;
  readonly isBare: boolean;
  /** Erased before it runs. */
  readonly isTypeOnly: boolean;
}

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

function listSources(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name}`)
    .filter((name) => /(?<!\.d)\.(ts|mjs)$/.test(name))
    .sort();
}

const importPattern =
  /^(?:import|export)\s+(type\s+)?((?:[^'";]*?)\s+from\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)|new URL\(\s*['"](\.[^'"]+\.ts)['"]\s*,\s*import\.meta\.url\s*\)/gm;

/** Imports, re-exports, dynamic imports, and worker files named by URL. */
function listImports(file: string): readonly Import[] {
  return [...read(file).matchAll(importPattern)].map(([, type, bindings, from, dynamic, worker]) => {
    const written = from ?? dynamic ?? worker ?? '';
    const isBare = !written.startsWith('.');
    const target = isBare ? written : relative(root, join(root, dirname(file), written));
    return { target, isBare, isTypeOnly: type !== undefined || areAllTypes(bindings) };
  });
}

/** `{ type A, type B }` */
function areAllTypes(bindings: string | undefined): boolean {
  const names = /\{([^}]*)\}/.exec(bindings ?? '')?.[1]?.split(',') ?? [];
  const named = names.map((name) => name.trim()).filter((name) => name !== '');
  return named.length > 0 && named.every((name) => name.startsWith('type '));
}

const sources = listSources('src');
const imports = new Map(sources.map((file) => [file, listImports(file)]));

/** The folder a file belongs to in the table below; a file beside the folders is its own. */
function layerOf(file: string): string {
  const [, first = '', second] = file.split('/');
  if (second !== undefined) return first;
  return first === 'config.ts' ? 'config' : 'root';
}

const mayImport: Readonly<Record<string, readonly string[]>> = {
  domain: ['domain'],
  ports: ['ports', 'domain'],
  publisher: ['publisher', 'domain', 'ports'],
  bot: ['bot', 'domain', 'ports', 'publisher'],
  http: ['http', 'domain', 'ports', 'publisher'],
  jobs: ['jobs', 'domain', 'ports', 'publisher'],
  adapters: ['adapters', 'domain', 'ports'],
  store: ['store', 'domain', 'ports'],
  config: ['config', 'domain'],
};

describe('folders', () => {
  it('all stand in the table of who may import whom', () => {
    const unknown = sources.filter((file) => layerOf(file) !== 'root' && !(layerOf(file) in mayImport));
    expect(unknown).toEqual([]);
  });

  it('import only what the table allows', () => {
    const broken = sources
      .filter((file) => layerOf(file) !== 'root')
      .flatMap((file) =>
        (imports.get(file) ?? [])
          .filter(({ isBare, target }) => !isBare && !mayImport[layerOf(file)]?.includes(layerOf(target)))
          .map(({ target }) => `${file} imports ${target}`),
      );
    expect(broken).toEqual([]);
  });

  it('never reach from the program into the sandbox, the tests or the benchmark', () => {
    const broken = sources.flatMap((file) =>
      (imports.get(file) ?? [])
        .filter(({ isBare, target }) => !isBare && !target.startsWith('src/'))
        .map(({ target }) => `${file} imports ${target}`),
    );
    expect(broken).toEqual([]);
  });

  it('keep words and rules free of I/O: domain imports no module of Node, publisher only for random bytes and hashes', () => {
    const allowed: Readonly<Record<string, readonly string[]>> = { domain: [], publisher: ['node:crypto'] };
    const broken = sources
      .filter((file) => layerOf(file) in allowed)
      .flatMap((file) =>
        (imports.get(file) ?? [])
          .filter(({ isBare, target }) => isBare && isBuiltin(target))
          .filter(({ target }) => !allowed[layerOf(file)]?.includes(target))
          .map(({ target }) => `${file} imports ${target}`),
      );
    expect(broken).toEqual([]);
  });

  it('let an old Node read the first file to its sentence: it imports nothing before', () => {
    const text = read('src/start.mjs');
    expect(text).not.toMatch(/^(?:import|export)\b/m);
    expect(text.indexOf('import(')).toBeGreaterThan(text.indexOf('process.exit(78)'));
  });

  it('see every import: as many as there are lines that begin with one', () => {
    const missed = sources.filter((file) => {
      const lines = read(file).match(/^import\b/gm)?.length ?? 0;
      const found = read(file).match(/^(?:import)\s+(?:[^'";]*?\s+from\s+)?['"][^'"]+['"]/gm)?.length ?? 0;
      return lines !== found;
    });
    expect(missed).toEqual([]);
  });
});

describe('import cycles', () => {
  it('do not exist between modules as they are loaded', () => {
    const graph = new Map(
      sources.map((file) => [
        file,
        (imports.get(file) ?? []).flatMap(({ isBare, isTypeOnly, target }) =>
          isBare || isTypeOnly ? [] : [target],
        ),
      ]),
    );
    expect(findCycle(graph)).toBeUndefined();
  });

  it('are found by this search where there is one', () => {
    const graph = new Map([
      ['a', ['b']],
      ['b', ['c', 'd']],
      ['c', []],
      ['d', ['b']],
    ]);
    expect(findCycle(graph)).toEqual(['b', 'd', 'b']);
  });
});

function findCycle(graph: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): readonly string[] | undefined => {
    const start = path.indexOf(file);
    if (start >= 0) return [...path.slice(start), file];
    if (done.has(file)) return undefined;
    for (const target of graph.get(file) ?? []) {
      const cycle = visit(target, [...path, file]);
      if (cycle !== undefined) return cycle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of graph.keys()) {
    const cycle = visit(file, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

describe('the environment', () => {
  it('is read by the configuration only', () => {
    const readers = sources.filter((file) => /process\s*\.\s*env\b|process\[['"]env/.test(read(file)));
    expect(readers.filter((file) => layerOf(file) !== 'config')).toEqual([]);
    expect(readers).toContain('src/config.ts');
  });
});

describe('the library of the clock', () => {
  it('is known to the scheduler only', () => {
    const users = sources.filter((file) =>
      (imports.get(file) ?? []).some(({ target }) => target === 'node-cron'),
    );
    expect(users).toEqual(['src/jobs/scheduler.ts']);
  });
});

describe('the time', () => {
  it('comes through the Clock port wherever something is decided', () => {
    const readers = sources.filter((file) => /\bDate\.now\(|\bDate\(\)/.test(read(file)));
    expect(readers.filter((file) => !['adapters', 'store', 'root'].includes(layerOf(file)))).toEqual([]);
  });
});

/** Folders whose files are the entries of one list: a new thing is a new file and a line there. */
const lists: readonly { readonly folder: string; readonly list: readonly unknown[] }[] = [
  { folder: 'src/bot/commands', list: commands },
  { folder: 'src/bot/proposals', list: proposalKinds },
  { folder: 'src/http/routes', list: routes },
  { folder: 'src/publisher/preflight', list: rules },
  { folder: 'src/publisher/preflight-fixes', list: fixes },
  { folder: 'src/store/migrations', list: migrations },
];

describe('lists', () => {
  it.each(lists)('of $folder hold what every file of it exports', async ({ folder, list }) => {
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

  it('of what can be pressed hold every button and menu of src/bot/components, each action once', async () => {
    const handlers: readonly unknown[] = [...buttonHandlers, ...componentHandlers, ...formHandlers];
    const files = listSources('src/bot/components').filter((name) => /-(button|menu)\.ts$/.test(name));
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

  it('of what the clock starts hold every job of src/jobs, each with a schedule', async () => {
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

describe('the text of the project', () => {
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    cwd: root,
    encoding: 'utf8',
  })
    .split('\0')
    .filter((file) => file !== '');

  /** Written in pieces, or this file would be one that holds them. */
  const unwanted = [
    {
      what: 'a public package registry',
      pattern: new RegExp(['registry\\.', '(npmjs|yarnpkg)\\.'].join('')),
    },
    {
      what: 'the folder of somebody’s machine',
      pattern: new RegExp(['/work', '/(main|shared)\\b'].join('')),
    },
    {
      what: 'the home of somebody',
      pattern: new RegExp(['(?<![\\w.])/(Users|home)', '/(?!node\\b)\\w+/'].join('')),
    },
  ];

  it.each(unwanted)('does not name $what', ({ pattern }) => {
    const found = files.filter((file) => pattern.test(readText(file)));
    expect(found).toEqual([]);
  });

  it('is what these searches look through', () => {
    expect(files).toContain('package-lock.json');
    expect(files).toContain('src/main.ts');
  });

  it('keeps to the names of files that say what is in them', () => {
    const vague = files.filter((file) => /(^|\/)(utils?|helpers?|common|types|misc)\.ts$/.test(file));
    expect(vague).toEqual([]);
  });

  function readText(file: string): string {
    try {
      return read(file);
    } catch {
      // Listed by git, deleted since.
      return '';
    }
  }
});
