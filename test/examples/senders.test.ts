import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unityPackage } from '../../sandbox/unity-repository.ts';
import { type Accepted, World } from '../../sandbox/world.ts';
import { parsePayload } from '../../src/http/payload.ts';
import { readText, root, run } from './run-command.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'upm-examples-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('the scripts that send dispatches', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start();
  });
  afterAll(async () => {
    await world?.stop();
  });

  it('examples/dispatch.json is a dispatch', async () => {
    const payload = parsePayload(Buffer.from(await readText('examples/dispatch.json')));
    expect(payload).toMatchObject({ repository: 'example-studio/packages', packagePath: '' });
  });

  it('send-dispatch.sh signs that payload so that it is accepted and published', async () => {
    const commit = world.push({ files: unityPackage('com.studio.sent', '1.0.0') });
    const example = JSON.parse(await readText('examples/dispatch.json')) as {
      readonly client_payload: Readonly<Record<string, string>>;
    };
    const payload = { ...example.client_payload, repository: world.slug, commit_sha: commit };
    await writeFile(
      join(folder, 'payload.json'),
      JSON.stringify({ ...example, client_payload: payload }, null, 2),
    );
    await writeFile(join(folder, 'secret'), `${world.dispatchSecret}\n`);
    const script = join(root, 'examples/send-dispatch.sh');
    const env = { PUBLISHER_URL: `${world.process.url}/`, DISPATCH_SECRET_FILE: join(folder, 'secret') };
    const sent = await run(script, ['payload.json'], { env, cwd: folder });
    expect(sent).toMatchObject({ code: 0, stderr: '' });
    const job = await world.finished((JSON.parse(sent.stdout) as Accepted).id);
    expect(job.packages).toMatchObject([{ name: 'com.studio.sent', outcome: 'published' }]);
  });

  it('send-dispatch.sh shows why it was refused and fails', async () => {
    await writeFile(join(folder, 'refused.json'), '{}');
    const script = join(root, 'examples/send-dispatch.sh');
    const env = { PUBLISHER_URL: world.process.url, DISPATCH_SECRET: 'not-the-secret-of-this-world' };
    const sent = await run(script, ['refused.json'], { env, cwd: folder });
    expect(sent.code).toBe(22);
    expect(sent.stdout).toContain('"code":"signature-invalid"');
  });

  it('the image’s health check passes while the process listens and fails when nothing does', async () => {
    const check = JSON.parse(
      /^HEALTHCHECK .*\\\n\s+CMD (\[.+\])$/m.exec(await readText('Dockerfile'))?.[1] ?? '[]',
    ) as readonly string[];
    const { port } = new URL(world.process.url);
    expect((await run(process.execPath, check.slice(1), { env: { PORT: port } })).code).toBe(0);
    const closed = await findClosedPort();
    expect((await run(process.execPath, check.slice(1), { env: { PORT: closed } })).code).toBe(1);
  });
});

async function findClosedPort(): Promise<string> {
  const { createServer } = await import('node:net');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return String(port);
}
