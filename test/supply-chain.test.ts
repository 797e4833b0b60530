import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly dev?: boolean;
  readonly optional?: boolean;
  /** True for a package that both dev and optional dependencies need, and nothing else. */
  readonly devOptional?: boolean;
  readonly hasInstallScript?: boolean;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
  /** Folders of this repository that are packages of their own. */
  readonly workspaces: readonly string[];
}

const manifest = JSON.parse(read('package.json')) as Manifest;
const lock = JSON.parse(read('package-lock.json')) as {
  readonly lockfileVersion: number;
  readonly packages: Readonly<Record<string, Locked>>;
};
/** The program itself, its workspaces, and the links to these. */
const isOurs = ([path, { link, resolved = '' }]: readonly [string, Locked]): boolean =>
  path === '' || manifest.workspaces.includes(link === true ? resolved : path);
const locked = Object.entries(lock.packages).filter((entry) => !isOurs(entry));
const nameOf = (path: string): string => path.split('node_modules/').at(-1) ?? '';
const workspaces = manifest.workspaces.map(
  (folder) => JSON.parse(read(`${folder}/package.json`)) as Manifest,
);
const neededElsewhere = new Set(
  Object.entries(lock.packages)
    .filter(([path]) => !manifest.workspaces.includes(path))
    .flatMap(([, { dependencies = {} }]) => Object.keys(dependencies)),
);
/** The image holds no workspace, and nothing that a workspace alone needs. */
const stayingBehind = workspaces
  .flatMap(({ dependencies }) => Object.keys(dependencies))
  .filter((name) => !neededElsewhere.has(name));
/** Packages that are installed beside the program where it runs. */
const shipped = locked.filter(
  ([path, { dev, optional, devOptional }]) =>
    !(dev ?? optional ?? devOptional ?? stayingBehind.includes(nameOf(path))),
);

describe('the lockfile', () => {
  it('pins every package by the hash of its bytes', () => {
    const loose = locked.filter(([, entry]) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(entry.integrity ?? ''));
    expect(loose.map(([path]) => path)).toEqual([]);
    expect(locked.length).toBeGreaterThan(300);
  });

  it('has no package from git, an address, a folder or a link', () => {
    const odd = locked.filter(
      ([, { resolved, link, version }]) =>
        resolved !== undefined || link === true || !/^\d+\.\d+\.\d+/.test(version ?? ''),
    );
    expect(odd.map(([path]) => path)).toEqual([]);
  });

  it('has exactly the versions that package.json asks for', () => {
    const wanted = {
      ...manifest.dependencies,
      ...manifest.devDependencies,
      ...manifest.optionalDependencies,
    };
    const theirs = workspaces.flatMap((own) =>
      Object.entries({ ...own.dependencies, ...own.devDependencies }),
    );
    for (const [name, version] of [...Object.entries(wanted), ...theirs]) {
      expect(version).toMatch(/^\d+\.\d+\.\d+$/);
      expect(lock.packages[`node_modules/${name}`]?.version).toBe(version);
    }
    const { '': own } = lock.packages as unknown as Readonly<Record<string, Manifest>>;
    expect(own?.dependencies).toEqual(manifest.dependencies);
    expect(own?.devDependencies).toEqual(manifest.devDependencies);
  });
});

/** Packages whose scripts are not run, and why nothing is missing then. Check a new one before adding it here. */
const withoutTheirScripts: Readonly<Record<string, string>> = {
  protobufjs: 'its script only compares version numbers and prints a warning',
};

describe('install scripts of packages', () => {
  it('are never run by an install', () => {
    expect(read('.npmrc')).toMatch(/^ignore-scripts=true$/m);
    const own = ['preinstall', 'install', 'postinstall', 'prepare', 'prepublish'];
    expect(Object.keys(manifest.scripts).filter((name) => own.includes(name))).toEqual([]);
    expect(read('Dockerfile')).toMatch(/^COPY .*\.npmrc/m);
  });

  it('are known one by one: everything works without them', () => {
    const having = locked.filter(([, { hasInstallScript }]) => hasInstallScript === true);
    const names = [...new Set(having.map(([path]) => nameOf(path)))];
    expect(names.toSorted()).toEqual(Object.keys(withoutTheirScripts).toSorted());
    const page = read('docs/decisions/0002-dependencies.md');
    expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});

/** Licences of packages that may be shipped beside a program that is not published itself. */
const licences = new Set([
  'MIT',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
]);
/** Other licences, by package: data, fonts, and a package whose files are left unchanged. */
const otherLicences: Readonly<Record<string, string>> = {
  '@resvg/resvg-wasm': 'MPL-2.0',
  'dejavu-fonts-ttf': 'SEE LICENSE IN README.md AND LICENSE',
  'spdx-exceptions': 'CC-BY-3.0',
  'spdx-license-ids': 'CC0-1.0',
};

describe('the licences', () => {
  it('of everything that ships are known and compatible', () => {
    const unknown = shipped
      .map(([path, { license = 'none' }]) => ({ name: nameOf(path), license }))
      .filter(({ name, license }) => !licences.has(license) && otherLicences[name] !== license);
    expect(unknown).toEqual([]);
    const names = shipped.map(([path]) => nameOf(path));
    expect(Object.keys(otherLicences).filter((name) => !names.includes(name))).toEqual([]);
  });
});

describe('other programs that the code starts', () => {
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|mjs)$/.test(file))
    .map((file) => `src/${file}`)
    .toSorted();

  it('are started in these files only: git, and the signer that an operator names', () => {
    const starting = sources.filter((file) => /['"](?:node:)?child_process['"]/.test(read(file)));
    expect(starting).toEqual([
      'src/adapters/git/object-reader.ts',
      'src/adapters/git/run-git.ts',
      'src/adapters/signer/run-signer.ts',
      'src/cli/doctor/doctor-machine.ts',
    ]);
    // A type only, which starts nothing by itself.
    expect(read('src/adapters/git/object-reader.ts')).toMatch(/^import type .*child_process/m);
    expect(read('src/cli/doctor/doctor-machine.ts').match(/execFile\)?\([^)]*\)/g)).toHaveLength(1);
    expect(read('src/cli/doctor/doctor-machine.ts')).toMatch(/execFile\)\('git', \['--version'\]/);
    expect(read('src/adapters/git/run-git.ts').match(/\bspawn\([^,]+/g)).toEqual(["spawn('git'"]);
  });

  it('are never started through a shell, and no code is made from text', () => {
    const pattern = /shell:|\bexec\w*Sync\(|[^.\w]exec\(|\beval\(|new Function\(|node:vm|createRequire/;
    const found = sources.filter((file) => pattern.test(read(file)));
    expect(found).toEqual([]);
  });
});

describe('the list of what is in the image', () => {
  it('names every package that ships and nothing else, as npm writes it where only those are installed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'upm-sbom-'));
    try {
      const { devDependencies: _dev, optionalDependencies: _optional, ...rest } = manifest;
      const packages = Object.fromEntries([['', rest], ...shipped]);
      await writeFile(join(folder, 'package.json'), JSON.stringify(rest));
      await writeFile(join(folder, 'package-lock.json'), JSON.stringify({ ...lock, packages }));
      const args = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'];
      const options = { cwd: folder, maxBuffer: 64 * 1024 * 1024 };
      const { stdout } = await promisify(execFile)('npm', args, options);
      const document = JSON.parse(stdout) as Sbom;
      expect(document.bomFormat).toBe('CycloneDX');
      const listed = document.components.map(({ purl }) =>
        decodeURIComponent(purl.replace(/^pkg:npm\//, '')),
      );
      const expected = shipped.map(([path, { version }]) => `${nameOf(path)}@${version}`);
      expect([...new Set(listed)].toSorted()).toEqual([...new Set(expected)].toSorted());
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

interface Sbom {
  readonly bomFormat: string;
  readonly components: readonly { readonly purl: string }[];
}
