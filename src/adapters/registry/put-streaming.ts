import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Exchange, watchExchange } from './exchange.ts';
import { type PutTask, TarballChanged, userAgent } from './put-task.ts';

/**
 * Sends npm's publish document with the file as a base64 stream, so that memory use does not grow with the tarball.
 * Throws TarballChanged, or the signal's reason.
 */
export async function putStreaming(task: PutTask, signal: AbortSignal): Promise<Exchange> {
  const found = await stat(task.tarball.file).catch(() => undefined);
  if (found?.size !== task.tarball.bytes) throw new TarballChanged();
  signal.throwIfAborted();
  const [before, after] = splitDocument(task);
  const length = before.length + 4 * Math.ceil(task.tarball.bytes / 3) + after.length;
  const url = new URL(encodeURIComponent(task.name), task.registryUrl);
  const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, {
    method: 'PUT',
    // A kept-alive connection may have died unnoticed, and then it is unclear whether a PUT on it was lost.
    agent: false,
    headers: {
      'content-type': 'application/json',
      'content-length': length,
      // With `close`, a server that refuses early closes the connection before its answer can be read.
      connection: 'keep-alive',
      'user-agent': userAgent,
      'accept-encoding': 'identity',
      ...(task.token === '' ? {} : { authorization: `Bearer ${task.token}` }),
    },
    signal,
  });
  const exchange = watchExchange(request, task.idleTimeoutMs);
  // The exchange reports how the connection ended; only reading our own file can fail here.
  let changed: TarballChanged | undefined;
  const body = Readable.from(generateBody(task, before, after), { objectMode: false });
  const sending = pipeline(body, request, { end: true }).catch((error: unknown) => {
    if (error instanceof TarballChanged) changed = error;
  });
  const outcome = await exchange;
  request.destroy();
  await sending;
  signal.throwIfAborted();
  if (changed !== undefined) throw changed;
  return outcome;
}

/** Returns the publish document in two parts, before and after the base64 data. */
function splitDocument(task: PutTask): readonly [Buffer, Buffer] {
  const { name, version, distTag, tarball } = task;
  const fileName = `${name}-${version}.tgz`;
  const manifest = JSON.parse(task.manifestJson) as Record<string, unknown>;
  const url = new URL(`${name}/-/${fileName}`, task.registryUrl).href;
  const dist = {
    integrity: tarball.integrity,
    shasum: tarball.shasum,
    // npm writes http here; registries replace it with their own address.
    tarball: url.replace(/^https:/, 'http:'),
  };
  const document = {
    _id: name,
    name,
    description: manifest['description'],
    'dist-tags': { [distTag]: version },
    versions: {
      [version]: { ...manifest, _nodeVersion: process.versions.node, _id: `${name}@${version}`, dist },
    },
    access: null,
  };
  const head = JSON.stringify(document).slice(0, -1);
  const file = JSON.stringify(fileName);
  const before = `${head},"_attachments":{${file}:{"content_type":"application/octet-stream","data":"`;
  return [Buffer.from(before), Buffer.from(`","length":${tarball.bytes}}}}`)];
}

async function* generateBody(task: PutTask, before: Buffer, after: Buffer): AsyncGenerator<Buffer> {
  const { tarball } = task;
  yield before;
  const hash = createHash('sha512');
  let bytes = 0;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(tarball.file, { highWaterMark: 192 * 1024 })) {
    const read = chunk as Buffer;
    bytes += read.length;
    if (bytes > tarball.bytes) throw new TarballChanged();
    hash.update(read);
    const whole = rest.length === 0 ? read : Buffer.concat([rest, read]);
    const even = whole.length - (whole.length % 3);
    rest = whole.subarray(even);
    yield Buffer.from(whole.toString('base64', 0, even), 'latin1');
  }
  // The document's end is withheld, so that it is incomplete and the registry cannot store anything.
  if (`sha512-${hash.digest('base64')}` !== tarball.integrity) throw new TarballChanged();
  yield Buffer.from(rest.toString('base64'), 'latin1');
  yield after;
}
