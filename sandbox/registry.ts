import { mkdir } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { runServer } from 'verdaccio';

export interface RegistryOptions {
  /** Folder of storage, users and secret; created if needed. The same folder again is the same registry. */
  readonly folder: string;
  /** Port to listen on; 0 (the default) picks one. */
  readonly port?: number;
  /** Verdaccio's `max_body_size`, such as `10mb`. */
  readonly maxBodySize?: string;
  /** Verdaccio's entry function; the installed one when left out. */
  readonly runServer?: (config: never) => Promise<unknown>;
}

export interface SandboxRegistry {
  /** `http://127.0.0.1:<port>/` */
  readonly url: string;
  /** Bearer token of a user who may publish and unpublish; valid again after a restart on the same folder. */
  readonly token: string;
  stop(): Promise<void>;
}

const user = { name: 'publisher', password: 'sandbox-password' };

/** Starts a real Verdaccio in this process: no uplinks, no web pages, no log. */
export async function startRegistry(options: RegistryOptions): Promise<SandboxRegistry> {
  await mkdir(options.folder, { recursive: true });
  const run = options.runServer ?? runServer;
  const server = (await run(configure(options) as never)) as Server;
  const url = await listen(server, options.port ?? 0);
  try {
    return { url, token: await logIn(url), stop: async () => stopServer(server) };
  } catch (error) {
    await stopServer(server);
    throw error;
  }
}

function configure(options: RegistryOptions): Record<string, unknown> {
  return {
    self_path: join(options.folder, 'config.yaml'),
    configPath: join(options.folder, 'config.yaml'),
    storage: join(options.folder, 'storage'),
    // SHA-1, because bcrypt on every request would take most of a test's time.
    auth: { htpasswd: { file: join(options.folder, 'htpasswd'), algorithm: 'sha1', max_users: 100 } },
    uplinks: {},
    packages: { '**': { access: '$all', publish: '$authenticated', unpublish: '$authenticated' } },
    web: { enable: false },
    max_body_size: options.maxBodySize ?? '500mb',
    log: { type: 'stdout', format: 'json', level: 'fatal' },
  };
}

async function listen(server: Server, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

async function stopServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}

/** Creates the user the first time, logs in after that. */
async function logIn(url: string): Promise<string> {
  const basic = Buffer.from(`${user.name}:${user.password}`).toString('base64');
  const attempt = async (headers: Record<string, string>): Promise<Response> =>
    fetch(`${url}-/user/org.couchdb.user:${user.name}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(user),
    });
  let response = await attempt({});
  if (!response.ok) response = await attempt({ authorization: `Basic ${basic}` });
  const body = (await response.json()) as { token?: string };
  if (body.token === undefined) throw new Error(`the sandbox registry gave no token (${response.status})`);
  return body.token;
}
