import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import { openHalves, openPrepare, type PipelineParts } from '../../../src/app/open-pipeline.ts';
import type { CommitSha, Repository, Slug } from '../../../src/domain/repository/repository.ts';
import type { PublishLedger } from '../../../src/ports/catalog.ts';
import type { JobQueue } from '../../../src/ports/jobs.ts';
import type { PrepareDeps } from '../../../src/publisher/dispatch/deps.ts';
import { runDry } from '../../../src/publisher/dispatch/dry-run.ts';
import { runJob } from '../../../src/publisher/queue/run-job.ts';
import { dumpStored } from '../operations/dump-stored.ts';
import { packageFiles, type Studio, startStudio } from '../operations/studio.ts';

const never = new AbortController().signal;
const slug = 'studio/one' as Slug;
const core = 'com.studio.core';

/** Every method of a port that changes something outside of our own folders, for each of the pipeline's ports. */
const writing = {
  queue: ['accept', 'claim', 'finish', 'giveBack', 'fixBase'],
  jobLog: ['startStage', 'endStage', 'savePackages'],
  judged: ['saveSightings'],
  ledger: ['claimName', 'recordIntent', 'saveRefused', 'forgetRefused', 'markIntent'],
  exceptions: ['publishAnyway', 'allowSecrets'],
  repositories: ['addUnknown'],
  registry: ['put', 'setDistTag'],
  trial: ['begin', 'record'],
  entries: ['save'],
  index: ['save', 'saveUnreadable'],
} as const satisfies {
  readonly [Port in keyof Ports]?: readonly (keyof Ports[Port])[];
};
type Written = { [Port in keyof typeof writing]: (typeof writing)[Port][number] }[keyof typeof writing];

interface Ports extends Omit<PipelineParts, 'changelog' | 'preflight'> {
  readonly entries: PipelineParts['changelog']['entries'];
  readonly index: PipelineParts['preflight']['index'];
}

/** The names of all methods in a bag of dependencies. */
type MethodsOf<Bag> = Bag extends (...args: never[]) => unknown
  ? never
  : Bag extends object
    ? {
        [Key in keyof Bag & string]: NonNullable<Bag[Key]> extends (...args: never[]) => unknown
          ? Key
          : MethodsOf<NonNullable<Bag[Key]>>;
      }[keyof Bag & string]
    : never;

let studio: Studio;
let repository: Repository;
let commit: CommitSha;

beforeAll(async () => {
  studio = await startStudio();
  await studio.addRepository(slug, {});
  await studio.seed(core, '0.9.0');
  commit = studio.commit(slug, {
    ...packageFiles(core, '1.0.0'),
    ...packageFiles('com.studio.net', '1.0.0', { dependencies: { [core]: '1.0.0' } }),
    // A package whose entry has to be written.
    'Packages/com.studio.net/CHANGELOG.md': '# Changelog\n',
  });
  const found = await studio.parts.store.repositories.findBySlug(slug);
  if (found === undefined) throw new Error('not registered');
  repository = found;
}, 60_000);
afterAll(async () => studio.stop());

/** Wraps the parts so that each of their calls is recorded as `port.method`. */
function record(parts: PipelineParts, calls: string[]): PipelineParts {
  const watch = <Port extends object>(name: string, port: Port): Port =>
    new Proxy(port, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          calls.push(`${name}.${String(key)}`);
          return value.apply(target, args) as unknown;
        };
      },
    });
  const watched = Object.fromEntries(
    Object.entries(parts).map(([name, port]) => [
      name,
      typeof port === 'object' && port !== null ? watch(name, port) : port,
    ]),
  ) as unknown as PipelineParts;
  const { changelog, preflight } = parts;
  return {
    ...watched,
    changelog: {
      ...changelog,
      entries: watch('entries', changelog.entries),
      history: watch('history', changelog.history),
    },
    preflight: {
      ...preflight,
      index: watch('index', preflight.index),
      files: watch('files', preflight.files),
    },
  };
}

const written = Object.entries(writing).flatMap(([port, methods]) =>
  methods.map((method) => `${port}.${method}`),
);

function onlyWriting(calls: readonly string[]): readonly string[] {
  return [...new Set(calls)].filter((call) => written.includes(call)).toSorted();
}

describe('the half of the pipeline that prepares', () => {
  it('gets no method that writes, in whatever stage', () => {
    expectTypeOf<Extract<MethodsOf<PrepareDeps>, Written>>().toEqualTypeOf<never>();
    // Shows that the type finds such methods where they are.
    type Bag = {
      readonly deep: { readonly ledger: PublishLedger; readonly queue: Pick<JobQueue, 'fixBase'> };
    };
    expectTypeOf<Extract<MethodsOf<Bag>, 'markIntent' | 'fixBase' | 'put'>>().toEqualTypeOf<
      'markIntent' | 'fixBase'
    >();
  });

  it('calls no writing method in a dry run that packs and checks packages, and leaves stored data unchanged', async () => {
    const calls: string[] = [];
    const prepare = openPrepare(record(studio.parts.pipeline, calls));
    const before = dumpStored(studio.folder);
    const asked = { repository, commit, packagePath: '', allowLower: false, by: 'discord:7' };
    const { packages } = await runDry(prepare, asked, never);
    expect(packages.map(({ name, outcome, distTag }) => [name, outcome, distTag])).toEqual([
      [core, 'not-attempted', 'latest'],
      ['com.studio.net', 'not-attempted', 'latest'],
    ]);
    // Shows that it went through every stage up to the tarball, and read the version before, which the index lacks.
    expect(calls).toEqual(
      expect.arrayContaining([
        'source.locate',
        'ledger.findOwner',
        'files.readFiles',
        'packer.pack',
        'secrets.scan',
      ]),
    );
    expect(onlyWriting(calls)).toEqual([]);
    expect(dumpStored(studio.folder)).toBe(before);
  });

  it('is followed in a job by the half that writes, through these same ports', async () => {
    const calls: string[] = [];
    const parts = record(studio.parts.pipeline, calls);
    const { holds, queue } = studio.parts.store;
    await queue.accept({
      repositoryId: repository.id,
      commit,
      packagePath: '',
      branch: undefined,
      commitMessage: undefined,
      commitAuthor: undefined,
      requestedBy: 'event',
      allowLower: false,
    });
    const job = await queue.claim([]);
    if (job === undefined) throw new Error('nothing to run');
    const { clock, logger, jobLog, progress } = parts;
    const pipeline = openHalves(parts);
    const more = { holds, outages: { report: () => undefined }, deadlineMs: 60_000 };
    const deps = { clock, logger, queue: parts.queue, jobLog, progress, pipeline, ...more };
    await runJob(deps, job, { stop: never, cancel: never });
    expect(onlyWriting(calls)).toEqual(
      expect.arrayContaining([
        'entries.save',
        'index.save',
        'jobLog.savePackages',
        'judged.saveSightings',
        'ledger.claimName',
        'ledger.markIntent',
        'ledger.recordIntent',
        'queue.fixBase',
        'registry.put',
      ]),
    );
  });
});
