import { createHmac } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type DiscordDouble, startDiscord } from 'discord-stand-in';
import { readRef } from './bare-repository.ts';
import { discordEnvironment } from './discord-environment.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';
import { type GitHost, startGitHost } from './git-host.ts';
import { gitSync } from './git-sync.ts';
import { githubEnvironment } from './github/environment.ts';
import { type GitHubDouble, startGitHub } from './github/github.ts';
import type { HostKind } from './host-kind.ts';
import { type PublisherProcess, startPublisher } from './process.ts';
import { type SandboxRegistry, startRegistry } from './registry.ts';
import type { Accepted, JobShown, PackumentShown, ReportShown } from './shown.ts';
import { type CommitOptions, commitAll } from './unity-repository.ts';
import type { WorldOptions } from './world-options.ts';

export type { Accepted, JobShown, PackageShown, PackumentShown, ReportShown } from './shown.ts';
export type { WorldOptions } from './world-options.ts';

/** A whole studio on loopback: git host, registry behind a proxy that can fail, and the real process. */
export class World {
  readonly folder: string;
  readonly host: GitHost;
  /** The API beside the git host. */
  readonly github: GitHubDouble;
  readonly registry: SandboxRegistry;
  readonly proxy: FaultProxy;
  /** Present only with the option `discord`. */
  readonly discord: DiscordDouble | undefined;
  /** The first registered repository. */
  readonly slug = 'studio/packages';
  readonly dispatchSecret = 'sandbox-dispatch-secret';
  readonly gitToken = 'sandbox-git-token';
  readonly webhookSecret = 'sandbox-webhook-secret';
  process: PublisherProcess;
  readonly #options: WorldOptions;
  readonly #bares = new Map<string, string>();

  private constructor(
    folder: string,
    host: GitHost,
    github: GitHubDouble,
    registry: SandboxRegistry,
    proxy: FaultProxy,
    discord: DiscordDouble | undefined,
    options: WorldOptions,
  ) {
    this.folder = folder;
    this.host = host;
    this.github = github;
    this.registry = registry;
    this.proxy = proxy;
    this.discord = discord;
    this.#options = options;
    this.process = undefined as unknown as PublisherProcess;
  }

  static async start(options: WorldOptions = {}): Promise<World> {
    const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'upm-world-')));
    await mkdir(folder, { recursive: true });
    const [host, registry] = await Promise.all([
      startGitHost({ folder: join(folder, 'git') }),
      startRegistry({
        folder: join(folder, 'registry'),
        ...(options.maxBodySize === undefined ? {} : { maxBodySize: options.maxBodySize }),
      }),
    ]);
    const proxy = await startFaultProxy({ target: registry.url });
    const discord = options.discord === true ? await startDiscord() : undefined;
    const github = await startGitHub({ host });
    const world = new World(folder, host, github, registry, proxy, discord, options);
    world.#letIn();
    await world.addRepository(world.slug);
    for (const { slug, kind } of options.repositories ?? []) await world.addRepository(slug, undefined, kind);
    await world.#writeRepositories();
    world.process = await world.startProcess();
    return world;
  }

  /** Makes GitHub and the git host accept the process's credentials. */
  #letIn(): void {
    this.github.personalToken({ text: this.gitToken });
    if (this.#options.asApp === true) this.github.install('studio');
    else this.host.setToken(this.gitToken);
  }

  async addRepository(slug: string, branch?: string, kind?: HostKind): Promise<string> {
    const bare = await this.host.createRepository(slug, branch, kind);
    this.#bares.set(slug, bare);
    this.github.addRepository(slug, bare);
    return bare;
  }

  async #writeRepositories(): Promise<void> {
    const entries = [{ slug: this.slug, settings: {} }, ...(this.#options.repositories ?? [])];
    const repositories = entries.map(({ slug, settings }) => ({
      url: `${this.host.url}/${slug}`,
      status: 'active',
      ...settings,
    }));
    await writeFile(join(this.folder, 'repositories.json'), JSON.stringify({ repositories }));
  }

  environment(): Record<string, string> {
    return {
      PORT: '0',
      DATA_DIR: join(this.folder, 'data'),
      DISPATCH_SECRET: this.dispatchSecret,
      ...githubEnvironment(this.host, this.github, this, this.#options.asApp === true),
      GITHUB_OWNERS: 'studio',
      REPOSITORIES_FILE: join(this.folder, 'repositories.json'),
      UPM_REGISTRY: this.proxy.url,
      NPM_TOKEN: this.registry.token,
      PACKAGE_SCOPES: this.#options.scopes ?? 'com.studio',
      ...(this.discord === undefined ? {} : discordEnvironment(this.discord)),
      ...this.#options.env,
    };
  }

  async startProcess(env: Readonly<Record<string, string>> = {}): Promise<PublisherProcess> {
    const { onLine, user } = this.#options;
    return startPublisher({
      env: { ...this.environment(), ...env },
      ...(onLine === undefined ? {} : { onLine }),
      ...(user === undefined ? {} : { user }),
    });
  }

  /** Kills or stops the process and starts it again on the same data. */
  async restart(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    this.process.kill(signal);
    await this.process.exited;
    this.process = await this.startProcess();
  }

  /** Commits and pushes; returns the sha. */
  push(options: CommitOptions, slug = this.slug): string {
    return this.pushAll([options], slug)[0] ?? '';
  }

  /** Makes several commits in one run of git; returns their shas. */
  pushAll(commits: readonly CommitOptions[], slug = this.slug): readonly string[] {
    return commitAll(this.bareOf(slug), commits);
  }

  /** Returns the folder of a repository on the git host. */
  bareOf(slug: string): string {
    const bare = this.#bares.get(slug);
    if (bare === undefined) throw new Error(`${slug} was not added`);
    return bare;
  }

  /** Pushes the default branch of another repository; returns its tip. */
  pushFrom(bare: string): string {
    const target = this.#bares.get(this.slug) ?? '';
    gitSync(['-C', bare, 'push', '--quiet', '--force', target, 'HEAD:refs/heads/main']);
    return gitSync(['-C', target, 'rev-parse', 'refs/heads/main']);
  }

  /** Returns the last commit of the default branch. */
  tip(slug: string): string | undefined {
    const bare = this.#bares.get(slug);
    return bare === undefined ? undefined : readRef(bare, 'refs/heads/main');
  }

  /** Makes GitHub send its webhooks to the process from now on. */
  sendWebhooks(): void {
    this.github.setWebhook({ url: `${this.process.url}/webhooks/github`, secret: this.webhookSecret });
  }

  sign(body: string): string {
    return `sha256=${createHmac('sha256', this.dispatchSecret).update(body).digest('hex')}`;
  }

  async post(body: string, headers: Record<string, string> = {}): Promise<Response> {
    // Lets this thread notice closed connections before it uses one: a push of megabytes blocks it for longer than an
    // idle connection lives.
    await nextTurn();
    await nextTurn();
    return fetch(`${this.process.url}/dispatch`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', 'x-hub-signature-256': this.sign(body), ...headers },
    });
  }

  async dispatch(commit: string, extra: Record<string, unknown> = {}): Promise<Accepted> {
    const payload = { repository: this.slug, commit_sha: commit, ...extra };
    const answer = await this.post(
      JSON.stringify({ event_type: 'package_publish', client_payload: payload }),
    );
    if (answer.status !== 202) throw new Error(`dispatch answered ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as Accepted;
  }

  async report(id: string): Promise<ReportShown> {
    const answer = await fetch(`${this.process.url}/dispatches/${id}`);
    if (answer.status !== 200) throw new Error(`report answered ${answer.status}`);
    return (await answer.json()) as ReportShown;
  }

  /** Returns the newest job of the dispatch, once it is final. */
  async finished(id: string): Promise<JobShown> {
    const now = (await this.report(id)).jobs.at(-1);
    if (now === undefined) throw new Error('the dispatch has no job');
    if (!['queued', 'running'].includes(now.status)) return now;
    await this.process.waitFor((line) => line.msg === 'job finished' && line['job'] === now.job);
    return this.finished(id);
  }

  /** Pushes, dispatches and waits for the job. */
  async publish(
    options: CommitOptions,
    extra: { readonly repository?: string; readonly [field: string]: unknown } = {},
  ): Promise<JobShown> {
    const { id } = await this.dispatch(this.push(options, extra.repository ?? this.slug), extra);
    return this.finished(id);
  }

  /** Reads a packument straight from the registry, past the proxy. */
  async packument(name: string): Promise<PackumentShown | undefined> {
    const answer = await fetch(new URL(encodeURIComponent(name), this.registry.url));
    if (answer.status === 404) return undefined;
    return (await answer.json()) as PackumentShown;
  }

  /** Counts the PUTs of package versions that reached the proxy. */
  puts(): number {
    return this.proxy.requests().filter(({ method, path }) => method === 'PUT' && !path.startsWith('/-/'))
      .length;
  }

  async stop(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.process.exited;
    await Promise.all([this.proxy.stop(), this.host.stop(), this.github.stop()]);
    await this.registry.stop();
    await this.discord?.stop();
    if (this.#options.folder === undefined) await rm(this.folder, { recursive: true, force: true });
  }
}
