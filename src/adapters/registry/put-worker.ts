import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type ClientRequest, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { parentPort } from 'node:worker_threads';
import libnpmpublish from 'libnpmpublish';
import { type Exchange, watchExchange } from './exchange.ts';
import { type PutReply, type PutTask, userAgent } from './put-task.ts';

type Watch = (request: ClientRequest) => void;

/**
 * The library reports neither a truncated answer nor a redirect that it follows. Therefore its connection is made by
 * this agent: it allows one request, to the registry only, watches it, and removes the header that the library would
 * follow.
 */
function watchedAgent(registryUrl: string, watch: Watch): HttpAgent {
  const Base = new URL(registryUrl).protocol === 'https:' ? HttpsAgent : HttpAgent;
  class WatchedAgent extends Base {
    #isUsed = false;
    // Node calls this for each request; the method is missing in its types.
    addRequest(request: ClientRequest, options: unknown): void {
      if (this.#isUsed) {
        request.destroy();
        return;
      }
      this.#isUsed = true;
      watch(request);
      request.prependListener('response', (response) => {
        delete response.headers.location;
      });
      const base = Base.prototype as unknown as { addRequest: WatchedAgent['addRequest'] };
      base.addRequest.call(this, request, options);
    }
  }
  return new WatchedAgent({ keepAlive: false });
}

async function put(task: PutTask): Promise<PutReply> {
  const data = await readFile(task.tarball.file).catch(() => undefined);
  if (data === undefined) return { kind: 'tarball-changed' };
  const integrity = `sha512-${createHash('sha512').update(data).digest('base64')}`;
  if (integrity !== task.tarball.integrity) return { kind: 'tarball-changed' };
  let exchange: Promise<Exchange> | undefined;
  const agent = watchedAgent(task.registryUrl, (request) => {
    exchange = watchExchange(request, task.idleTimeoutMs);
  });
  let code = 'unknown';
  try {
    await libnpmpublish.publish(JSON.parse(task.manifestJson) as Record<string, unknown>, data, {
      registry: task.registryUrl,
      forceAuth: { token: task.token },
      defaultTag: task.distTag,
      algorithms: ['sha512'],
      fetchRetries: 0,
      // The library's timeout ignores whether data moves; our watch ends the request instead.
      timeout: 2 ** 31 - 1,
      provenance: false,
      userAgent,
      headers: { 'accept-encoding': 'identity' },
      agent,
    });
  } catch (error) {
    // The exchange already records what happened on the connection; the code is used only when there was none.
    if (error instanceof Error && 'code' in error) code = String(error.code);
  }
  if (exchange === undefined) return { kind: 'not-tried', code };
  return { kind: 'exchanged', exchange: await exchange };
}

parentPort?.on('message', (task: PutTask) => {
  void put(task).then((answer) => parentPort?.postMessage(answer));
});
