import { isBuiltin } from 'node:module';
import { describe, expect, it } from 'vitest';
import { imports, layerOf, readProject, sources } from './source-files.ts';

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
  app: ['app', 'adapters', 'bot', 'config', 'domain', 'http', 'jobs', 'ports', 'publisher', 'store'],
  cli: ['cli', 'app', 'adapters', 'bot', 'config', 'domain', 'jobs', 'ports', 'publisher', 'store'],
};

/**
 * The folders of `src/publisher`, lowest first: each may import those before it. `operations` holds what people ask
 * for, `github` and `watch` what starts by itself.
 */
const publisherFolders = [
  'pacing',
  'commit',
  'preflight',
  'holds',
  'run',
  'trial',
  'judge',
  'changelog',
  'package',
  'dispatch',
  'queue',
  'announce',
  'watch',
  'github',
  'operations',
];
const mostFilesInAFolder = 25;

describe('the folders of src', () => {
  it('are all in the table of who may import whom', () => {
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

  it('never import the sandbox, the tests or the benchmark into the program', () => {
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

  it('let an old Node reach the error message in the first file, which imports nothing before it', () => {
    const text = readProject('src/start.mjs');
    expect(text).not.toMatch(/^(?:import|export)\b/m);
    expect(text.indexOf('import(')).toBeGreaterThan(text.indexOf('process.exit(78)'));
  });

  it('are checked for every import: the search finds as many as there are lines that begin with one', () => {
    const missed = sources.filter((file) => {
      const lines = readProject(file).match(/^import\b/gm)?.length ?? 0;
      const found =
        readProject(file).match(/^(?:import)\s+(?:[^'";]*?\s+from\s+)?['"][^'"]+['"]/gm)?.length ?? 0;
      return lines !== found;
    });
    expect(missed).toEqual([]);
  });
});

describe('the folders of the publisher', () => {
  const folderOf = (file: string): string => /^src\/publisher\/([^/]+)\//.exec(file)?.[1] ?? '';
  const rank = (file: string): number => publisherFolders.indexOf(folderOf(file));
  const inside = sources.filter((file) => layerOf(file) === 'publisher');

  it('all have a place in the order, and no file lies beside them', () => {
    expect(inside.filter((file) => rank(file) < 0)).toEqual([]);
  });

  it('import only those before them', () => {
    const broken = inside.flatMap((file) =>
      (imports.get(file) ?? [])
        .filter(
          ({ isBare, target }) => !isBare && layerOf(target) === 'publisher' && rank(target) > rank(file),
        )
        .map(({ target }) => `${file} imports ${target}`),
    );
    expect(broken).toEqual([]);
  });
});

describe('folders of modules', () => {
  it('hold few enough files to be read at a glance', () => {
    const sizes = Map.groupBy(sources, (file) => file.slice(0, file.lastIndexOf('/')));
    const crowded = [...sizes].filter(([, files]) => files.length > mostFilesInAFolder);
    expect(crowded.map(([folder]) => folder)).toEqual([]);
  });

  it('leave only the two entry points at the top', () => {
    expect(sources.filter((file) => layerOf(file) === 'root')).toEqual(['src/main.ts', 'src/start.mjs']);
  });
});

describe('import cycles', () => {
  it('do not exist between modules, types included', () => {
    const graph = new Map(
      sources.map((file) => [
        file,
        (imports.get(file) ?? []).flatMap(({ isBare, target }) => (isBare ? [] : [target])),
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
    const readers = sources.filter((file) => /process\s*\.\s*env\b|process\[['"]env/.test(readProject(file)));
    expect(readers.filter((file) => layerOf(file) !== 'config')).toEqual([]);
    expect(readers).toContain('src/config/load-config.ts');
  });
});

describe('error codes of the system and of the database', () => {
  it('are matched only where they arise: adapters and the store translate them into reasons', () => {
    const codes = /\b(?:SQLITE_|(?:ENOSPC|EDQUOT|EROFS|EIO)\b)/;
    const matching = sources.filter((file) => codes.test(readProject(file)));
    expect(matching.filter((file) => !['adapters', 'store'].includes(layerOf(file)))).toEqual([]);
    expect(matching).toContain('src/store/engine/disk-trouble.ts');
    expect(matching).toContain('src/adapters/system/disk-trouble.ts');
  });
});

describe('the cron library', () => {
  it('is known to the scheduler only', () => {
    const users = sources.filter((file) =>
      (imports.get(file) ?? []).some(({ target }) => target === 'node-cron'),
    );
    expect(users).toEqual(['src/jobs/scheduler.ts']);
  });
});

describe('the time', () => {
  it('comes through the Clock port wherever something is decided', () => {
    const readers = sources.filter((file) => /\bDate\.now\(|\bDate\(\)/.test(readProject(file)));
    expect(
      readers.filter((file) => !['adapters', 'store', 'app', 'cli', 'root'].includes(layerOf(file))),
    ).toEqual([]);
  });
});
