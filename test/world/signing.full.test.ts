import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TreeFiles, unityPackage } from '../../sandbox/unity-repository.ts';
import { type JobShown, World } from '../../sandbox/world.ts';
import { findPlanted } from '../attacks/planted.ts';
import { residentMegabytes } from '../faults/storm-process.ts';
import { allCommandLines } from './process-tree.ts';
import { folderOf } from './releasing.ts';
import { packageOf } from './report-reading.ts';
import { contentsOf, tarballOf } from './tarballs.ts';

const signer = fileURLToPath(new URL('../../sandbox/fake-signer.ts', import.meta.url));
const key = 'PLANTED-SIGNER-KEY-3e5a';
const env = {
  SIGNER_COMMAND: `'${process.execPath}' --disable-warning=ExperimentalWarning "${signer}" --folder {folder} --destination {destination}`,
  SIGNER_ENV: 'FAKE_SIGNER_KEY',
  FAKE_SIGNER_KEY: key,
  SIGNER_TIMEOUT_SECONDS: '15',
  LOG_LEVEL: 'debug',
};
let world: World;

beforeAll(async () => {
  world = await World.start({ env });
});
afterAll(async () => world.stop());

function signedPackage(name: string, version = '1.0.0', files: TreeFiles = {}): TreeFiles {
  return unityPackage(name, version, { folder: folderOf(name), files });
}

const differs = (what: string): readonly [string, string] => [
  'signed-package-differs',
  `What the signer made is not this package with a signature: it ${what}`,
];
const fails = (what: string): readonly [string, string] => [
  'signing-failed',
  `The package could not be signed: ${what}`,
];

/** Misbehaviours by the last part of the package's name. */
const misbehaviours: Readonly<Record<string, readonly [reason: string, title: string]>> = {
  fails: fails('the signer ended with 3'),
  hangs: fails('the signer took longer than 15 s'),
  silent: fails('the signer wrote no file'),
  twofiles: fails('the signer wrote 2 files'),
  linked: fails('what the signer wrote is no regular file'),
  prints: fails('the signer ended with 4'),
  floods: fails('the signer took longer than 15 s'),
  dies: fails('the signer was ended by SIGKILL'),
  half: differs('cannot be read as a tarball'),
  garbage: differs('cannot be read as a tarball'),
  changes: differs('holds other bytes of Runtime/Example.cs'),
  samesize: differs('holds other bytes of Runtime/Example.cs'),
  adds: differs('adds Runtime/Extra.cs'),
  loses: differs('lacks README.md'),
  version: differs('holds other bytes of package.json'),
  unsigned: differs('holds no .attestation.p7m'),
  empty: differs('holds an .attestation.p7m that is no DER'),
  noder: differs('holds an .attestation.p7m that is no DER'),
  other: differs('is signed for com.studio.another'),
  older: differs('is signed for version 0.0.1'),
  links: differs('holds README.md, which is no regular file'),
  escapes: differs('adds ../README.md'),
  twice: differs('holds README.md twice'),
  tricks: differs('holds README.md outside of its folder'),
};

describe('a package that is signed', () => {
  it('is published byte for byte as it was signed, with its signature', async () => {
    const name = 'com.studio.signed.good';
    const job = await world.publish({ files: signedPackage(name, '1.2.0') });
    const item = packageOf(job, name);
    expect(item).toMatchObject({ outcome: 'published', findings: [] });
    const tarball = await tarballOf(world, name, '1.2.0');
    expect(item.integrity).toBe(`sha512-${createHash('sha512').update(tarball).digest('base64')}`);
    const contents = await contentsOf(world, name, '1.2.0');
    const attestation = contents.get('.attestation.p7m')?.toString('latin1');
    expect(attestation).toContain(`{"packageName":"${name}","packageVersion":"1.2.0"}`);
    expect(contents.has('Runtime/Example.cs.meta')).toBe(true);
  });

  it('has its own signature: a committed one is left out, and the report says so', async () => {
    const name = 'com.studio.signed.again';
    const job = await world.publish({
      files: signedPackage(name, '1.0.0', { '.attestation.p7m': 'signature of other bytes' }),
    });
    expect(packageOf(job, name)).toMatchObject({
      outcome: 'published',
      findings: [{ rule: 'sign.stale-attestation', file: '.attestation.p7m' }],
    });
    const attestation = (await contentsOf(world, name)).get('.attestation.p7m');
    expect(attestation?.toString('latin1')).toContain(name);
  });

  it('is sent with the same bytes after a kill: nothing is signed anew', async () => {
    const name = 'com.studio.signed.resumed';
    world.proxy.setFaults(({ method, path }) =>
      method === 'PUT' && path.includes(name) ? { kind: 'hang' } : undefined,
    );
    const { id } = await world.dispatch(world.push({ files: signedPackage(name) }));
    await expect
      .poll(() => world.proxy.requests().some(({ method, path }) => method === 'PUT' && path.includes(name)))
      .toBe(true);
    await world.restart('SIGKILL');
    world.proxy.clear();
    await world.process.waitFor((line) => line.msg === 'stage' && line['stage'] === 'read-back');
    expect(world.process.lines().some((line) => line['stage'] === 'sign')).toBe(false);
    expect((await world.report(id)).jobs).toHaveLength(1);
  });
});

describe('a signer that misbehaves stops its package', () => {
  let job: JobShown;
  let output: string;
  let grownMegabytes: number;

  beforeAll(async () => {
    const before = residentMegabytes(world.process.pid);
    const names = Object.keys(misbehaviours).map((how) => `com.studio.signed.${how}`);
    job = await world.publish({ files: Object.assign({}, ...names.map((name) => signedPackage(name))) });
    output = world.process.output();
    grownMegabytes = residentMegabytes(world.process.pid) - before;
  });

  it.each(Object.entries(misbehaviours))('when it %s: %j', async (how, [reason, title]) => {
    const name = `com.studio.signed.${how}`;
    expect(packageOf(job, name)).toMatchObject({ outcome: 'failed', reason, title });
    expect(await world.packument(name)).toBeUndefined();
  });

  it('and costs no memory, whatever it writes', () => {
    expect(grownMegabytes).toBeLessThan(250);
  });

  it('and leaves nothing: no process, no file, no key in what we show or keep', async () => {
    // Looks for processes that lost their parent too: each has a folder of ours among its arguments.
    const lines = await allCommandLines();
    expect(lines.some((line) => line.includes('start.mjs'))).toBe(true);
    expect(lines.filter((line) => line.includes(join(world.folder, 'data', 'work')))).toEqual([]);
    const kept = await findPlanted(join(world.folder, 'data'), { key });
    const published = await findPlanted(join(world.folder, 'registry'), { key });
    expect([...kept, ...published]).toEqual([]);
    expect(output.includes(key)).toBe(false);
    expect(JSON.stringify(job)).not.toContain(key);
    expect(await readFile(signer, 'utf8')).toContain('FAKE_SIGNER_KEY');
  });
});

describe('without a signature, by policy, a package', () => {
  it('is published with a warning that says why', async () => {
    world.process.kill('SIGTERM');
    await world.process.exited;
    world.process = await world.startProcess({ SIGNING_POLICY: 'warn' });
    const name = 'com.studio.unsigned.fails';
    const job = await world.publish({ files: signedPackage(name) });
    expect(packageOf(job, name)).toMatchObject({
      outcome: 'published',
      findings: [
        {
          rule: 'sign.required',
          message: expect.stringContaining('the signer ended with 3'),
        },
      ],
    });
    expect((await contentsOf(world, name)).has('.attestation.p7m')).toBe(false);
  });
});
