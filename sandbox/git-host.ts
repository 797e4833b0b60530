import type { ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { initBare } from './bare-repository.ts';
import { serve } from './git-backend.ts';
import { configOf, type HostKind, HostKinds } from './host-kind.ts';
import { type LfsStore, startLfsStore } from './lfs-store.ts';

export type GitFault =
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  | { readonly kind: 'reset' }
  | { readonly kind: 'hang' };

export interface GitRequest {
  readonly method: string;
  readonly path: string;
  readonly service: 'info' | 'upload-pack' | 'receive-pack' | 'other';
}

/** Returns the status for a request with this password; 200 grants access. */
export type DecideAccess = (password: string | undefined, slug: string) => 200 | 401 | 403 | 404;

export interface GitHost {
  /** Without a trailing slash; repositories are `<url>/<owner>/<name>.git`. */
  readonly url: string;
  readonly lfs: LfsStore;
  /** Makes a bare repository and returns its folder; of the host's kind when `kind` is left out. */
  createRepository(slug: string, defaultBranch?: string, kind?: HostKind): Promise<string>;
  /** Tidies up a repository now, as its kind says. */
  tidy(slug: string): Promise<void>;
  /** Requires this password (of any user) from now on; undefined requires none. */
  setToken(token: string | undefined): void;
  /** Lets this function decide about access from now on, instead of the token. */
  setAccess(decide: DecideAccess): void;
  /** Redirects the old name to the new one from now on; the folder stays where it is. */
  rename(from: string, to: string): void;
  setFault(fault: GitFault | ((request: GitRequest) => GitFault | undefined) | undefined): void;
  requests(): readonly GitRequest[];
  clearRequests(): void;
  /** Calls the listener with owner/name after each push. */
  onPush(listener: (slug: string) => void): void;
  stop(): Promise<void>;
}

export interface GitHostOptions {
  readonly folder: string;
  readonly token?: string;
  readonly port?: number;
  /** Kind of its repositories; tidied up when left out. */
  readonly kind?: HostKind;
}

/**
 * Starts a git host over smart HTTP: git's own `http-backend` behind node:http, serving the bare repositories of a
 * folder.
 */
export async function startGitHost(options: GitHostOptions): Promise<GitHost> {
  const children = new Set<ChildProcess>();
  const seen: GitRequest[] = [];
  const pushed = new EventEmitter();
  const names = new RepositoryNames();
  const kinds = new HostKinds(options.folder, options.kind ?? {});
  const lfs = await startLfsStore();
  let decide = onlyToken(options.token);
  let fault: Parameters<GitHost['setFault']>[0];
  function handle(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'http://host');
    const asked = { method: request.method ?? 'GET', path: url.pathname, service: serviceOf(url) };
    seen.push(asked);
    if (applyFault(typeof fault === 'function' ? fault(asked) : fault, request, response)) return;
    const slug = slugOf(url);
    const folder = findFolder(options.folder, names, decide(passwordOf(request), slug), url, response);
    if (folder === undefined || lfs.answer(url, request, response)) return;
    if (serviceOf(url) === 'receive-pack') response.on('finish', () => pushed.emit('push', slug));
    url.pathname = url.pathname.replace(`/${slug}.git`, `/${folder}.git`);
    if (kinds.of(folder).protocol === 0) delete request.headers['git-protocol'];
    void kinds.firstTidied(folder).then(() => serve(options.folder, url, request, response, children));
  }
  const server = createServer(handle);
  return {
    url: await listen(server, options.port ?? 0),
    lfs,
    createRepository: async (slug, defaultBranch = 'main', kind) =>
      createBare(options.folder, slug, defaultBranch, kinds.set(slug, kind)),
    tidy: async (slug) => kinds.tidy(slug),
    setToken: (value) => {
      decide = onlyToken(value);
    },
    setAccess: (value) => {
      decide = value;
    },
    rename: (from, to) => names.rename(from, to),
    setFault: (value) => {
      fault = value;
    },
    requests: () => [...seen],
    clearRequests: () => void seen.splice(0),
    onPush: (listener) => void pushed.on('push', listener),
    stop: async () => {
      for (const child of children) child.kill('SIGKILL');
      await lfs.stop();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function listen(server: Server, port: number): Promise<string> {
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Returns the repository's folder; undefined when the request was already answered with an error. */
function findFolder(
  root: string,
  names: RepositoryNames,
  status: number,
  url: URL,
  response: ServerResponse,
): string | undefined {
  const slug = slugOf(url);
  const { folder, movedTo } = names.resolve(slug);
  if (status !== 200) {
    response.writeHead(status, { 'www-authenticate': 'Basic realm="git"' }).end();
  } else if (movedTo !== undefined) {
    const location = `${url.pathname.replace(`/${slug}.git`, `/${movedTo}.git`)}${url.search}`;
    response.writeHead(301, { location }).end();
  } else if (existsSync(join(root, `${folder}.git`, 'HEAD'))) return folder;
  else response.writeHead(404).end();
  return undefined;
}

function onlyToken(token: string | undefined): DecideAccess {
  return (password) => (token === undefined || password === token ? 200 : 401);
}

/** Finds the repository of a name, also after renames. */
class RepositoryNames {
  readonly #folders = new Map<string, string>();
  readonly #moved = new Map<string, string>();

  rename(from: string, to: string): void {
    this.#folders.set(to, this.#folders.get(from) ?? from);
    this.#moved.delete(to);
    this.#moved.set(from, to);
  }

  resolve(slug: string): { readonly folder: string; readonly movedTo: string | undefined } {
    return { folder: this.#folders.get(slug) ?? slug, movedTo: this.#moved.get(slug) };
  }
}

async function createBare(folder: string, slug: string, branch: string, kind: HostKind): Promise<string> {
  const bare = join(folder, `${slug}.git`);
  await mkdir(dirname(bare), { recursive: true });
  initBare(bare, kind.objectFormat);
  await writeFile(join(bare, 'HEAD'), `ref: refs/heads/${branch}\n`);
  // Written by hand: `git config` takes a process for each line, and a test may make dozens of repositories.
  await appendFile(join(bare, 'config'), configOf(kind));
  return bare;
}

function slugOf(url: URL): string {
  const [, owner = '', name = ''] = url.pathname.split('/');
  return `${owner}/${name.replace(/\.git$/, '')}`;
}

function serviceOf(url: URL): GitRequest['service'] {
  if (url.pathname.endsWith('/info/refs')) return 'info';
  if (url.pathname.endsWith('/git-upload-pack')) return 'upload-pack';
  return url.pathname.endsWith('/git-receive-pack') ? 'receive-pack' : 'other';
}

function passwordOf(request: IncomingMessage): string | undefined {
  const basic = /^Basic (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  if (basic === undefined) return undefined;
  return Buffer.from(basic, 'base64').toString().split(':').slice(1).join(':');
}

/** Applies a fault; returns true when nothing more is to be answered. */
function applyFault(fault: GitFault | undefined, asked: IncomingMessage, answer: ServerResponse): boolean {
  if (fault?.kind === 'reset') asked.socket.resetAndDestroy();
  if (fault?.kind === 'status') answer.writeHead(fault.status, { ...fault.headers }).end();
  return fault !== undefined;
}
