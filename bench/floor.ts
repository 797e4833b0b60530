import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Header } from 'tar';

/** One version bump to publish by hand; sent to the floor's process as a message. */
export interface FloorTask {
  readonly mirror: string;
  readonly repositoryUrl: string;
  /** Token of the git host. */
  readonly gitToken: string;
  /** Folder of the package in the repository. */
  readonly path: string;
  readonly registryUrl: string;
  readonly registryToken: string;
}

interface File {
  readonly path: string;
  readonly bytes: Buffer;
}

const run = promisify(execFile);
const compress = promisify(gzip);
const mtime = new Date('1985-10-26T08:15:00.000Z');

/**
 * Does the least that publishing a bump takes, without a single check: fetch, read the package's files, pack them in
 * memory, one PUT, one read-back. Knows beforehand what changed, where, and that it may be published. Returns
 * milliseconds by stage.
 */
export async function publishByHand(task: FloorTask): Promise<Readonly<Record<string, number>>> {
  const clock = startStages();
  const env = {
    PATH: process.env['PATH'] ?? '',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'http.extraHeader',
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${Buffer.from(`x:${task.gitToken}`).toString('base64')}`,
  };
  const fetchArgs = ['fetch', '--quiet', '--no-tags', task.repositoryUrl, '+refs/heads/main:refs/heads/main'];
  await run('git', ['-C', task.mirror, '-c', 'gc.auto=0', ...fetchArgs], { env });
  clock.end('fetch');
  const files = await readFiles(task, env);
  clock.end('read');
  const manifest = JSON.parse(
    files.find((file) => file.path === 'package.json')?.bytes.toString() ?? '{}',
  ) as { readonly name: string; readonly version: string };
  const tarball = await pack(files);
  const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
  clock.end('pack');
  await put(task, manifest, tarball, integrity);
  clock.end('publish');
  const shown = await fetch(new URL(manifest.name, task.registryUrl));
  const packument = (await shown.json()) as {
    readonly versions: Readonly<Record<string, { readonly dist: { readonly integrity: string } }>>;
  };
  if (packument.versions[manifest.version]?.dist.integrity !== integrity) throw new Error('not stored');
  clock.end('read-back');
  return clock.stagesMs;
}

/** Measures stages: each `end` names what was done since the previous one. */
function startStages() {
  const stagesMs: Record<string, number> = {};
  let lastAt = performance.now();
  const end = (stage: string): void => {
    const now = performance.now();
    stagesMs[stage] = now - lastAt;
    lastAt = now;
  };
  return { stagesMs, end };
}

async function readFiles(task: FloorTask, env: Record<string, string>): Promise<readonly File[]> {
  const args = ['ls-tree', '-r', '-z', `main:${task.path}`];
  const listed = await run('git', ['-C', task.mirror, ...args], { env, maxBuffer: 64 * 1024 * 1024 });
  const entries = listed.stdout
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => ({ oid: line.slice(12, 52), path: line.slice(53) }));
  const child = spawn('git', ['-C', task.mirror, 'cat-file', '--batch', '--buffer'], { env });
  child.stdin.end(entries.map((entry) => `${entry.oid}\n`).join(''));
  const output = await buffer(child.stdout);
  let at = 0;
  return entries.map(({ path }) => {
    const end = output.indexOf(10, at);
    const size = Number(output.toString('latin1', at, end).split(' ')[2]);
    at = end + 1 + size + 1;
    return { path, bytes: output.subarray(end + 1, end + 1 + size) };
  });
}

/** Packs the files as a tarball; the sample's paths are short enough for plain headers. */
async function pack(files: readonly File[]): Promise<Buffer> {
  const blocks: Buffer[] = [];
  for (const { path, bytes } of files) {
    const header = Buffer.alloc(512);
    const fields = { path: `package/${path}`, mode: 0o644, size: bytes.length, type: 'File', mtime } as const;
    new Header(fields).encode(header);
    blocks.push(header, bytes, Buffer.alloc(-bytes.length & 511));
  }
  blocks.push(Buffer.alloc(1024));
  return compress(Buffer.concat(blocks), { level: 9 });
}

async function put(
  task: FloorTask,
  manifest: { readonly name: string; readonly version: string },
  tarball: Buffer,
  integrity: string,
): Promise<void> {
  const { name, version } = manifest;
  const file = `${name}-${version}.tgz`;
  const shasum = createHash('sha1').update(tarball).digest('hex');
  const dist = { integrity, shasum, tarball: new URL(`${name}/-/${file}`, task.registryUrl).href };
  const data = tarball.toString('base64');
  const body = JSON.stringify({
    _id: name,
    name,
    'dist-tags': { latest: version },
    versions: { [version]: { ...manifest, _id: `${name}@${version}`, dist } },
    _attachments: { [file]: { content_type: 'application/octet-stream', data, length: tarball.length } },
  });
  const answer = await fetch(new URL(name, task.registryUrl), {
    method: 'PUT',
    body,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${task.registryToken}` },
  });
  if (!answer.ok) throw new Error(`the registry answered ${answer.status}`);
  await answer.arrayBuffer();
}

async function serve(): Promise<void> {
  for (;;) {
    const [task] = (await once(process, 'message')) as [FloorTask];
    const startedAt = performance.now();
    const stagesMs = await publishByHand(task);
    process.send?.({ totalMs: performance.now() - startedAt, stagesMs });
  }
}

// Runs when lanes.ts starts this file as its own process, so that the registry does not share its event loop.
if (process.send !== undefined) await serve();
