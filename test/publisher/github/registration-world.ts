import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unityPackage } from '../../../sandbox/unity-repository.ts';
import { buildGitHub } from '../../../src/adapters/github/github.ts';
import { systemClock } from '../../../src/adapters/system/system-clock.ts';
import type { Repository } from '../../../src/domain/repository/repository.ts';
import type { HookDeliveries } from '../../../src/ports/github.ts';
import { acceptDispatch } from '../../../src/publisher/dispatch/accept-dispatch.ts';
import {
  buildRegistrar,
  type Registrar,
  type RegistrationDeps,
  type RegistrationRequest,
} from '../../../src/publisher/github/registration.ts';
import { buildLooks } from '../../../src/publisher/judge/looks.ts';
import type { Store } from '../../../src/store/store.ts';
import { type GitHubFixture, startGitHubFixture } from '../../adapters/github-fixtures.ts';
import { openTestSource } from '../../adapters/test-source.ts';
import { openTestStore } from '../../store/test-store.ts';

export const signal = new AbortController().signal;
export const publisherUrl = 'https://publisher.studio.test';
export const audience = 'upm-auto-publisher';
const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** A repository on GitHub that is not registered yet, an App that may see it, and the registrar. */
export interface RegistrationWorld {
  readonly fixture: GitHubFixture;
  readonly store: Store;
  readonly deps: RegistrationDeps;
  readonly deliveries: HookDeliveries;
  readonly registrar: Registrar;
  /** The repository as it was before any request. */
  readonly repository: Repository;
  /** Returns the repository as it is stored now. */
  find(): Promise<Repository>;
  /** Makes a request for its dispatcher, with packages whose texts are hostile. */
  ask(changes?: Partial<RegistrationRequest>): RegistrationRequest;
  stop(): Promise<void>;
}

export async function startRegistrationWorld(): Promise<RegistrationWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'registration-'));
  const fixture = await startGitHubFixture('App');
  const { slug } = fixture;
  fixture.push({ files: unityPackage('com.studio.tool', '1.0.0') });
  const store = await openTestStore(folder);
  await store.repositories.addUnknown([{ slug, status: 'pending' }]);
  const find = async (): Promise<Repository> => {
    const [found] = await store.repositories.list();
    if (found === undefined) throw new Error('the repository was not added');
    return found;
  };
  const repository = await find();
  const { credentials, repositoryWriter: writer, ...api } = connectTo(fixture);
  const source = openTestSource(fixture.host.url, join(folder, 'mirrors'), {
    token: async (of, until) => credentials.tokenFor(of, 'read', until),
    renewToken: (of) => credentials.renew(of),
    timeoutMs: 30_000,
  });
  const accepting = { ...store, clock: systemClock, owners: ['studio'], onAccepted: () => {} };
  const deps: RegistrationDeps = {
    ...store,
    ...api,
    writer,
    source,
    clock: systemClock,
    logger: silent,
    accept: async (payload) => acceptDispatch(accepting, payload),
    looks: buildLooks({ clock: systemClock, logger: silent, marks: store.lookMarks }),
    requestCheck: async () => undefined,
    owners: ['studio'],
    dispatchRepository: undefined,
    publisherUrl,
    audience,
  };
  return {
    fixture,
    store,
    deps,
    deliveries: api.deliveries,
    registrar: buildRegistrar(deps),
    repository,
    find,
    ask: (changes = {}) => ({
      repository,
      kind: 'add',
      packages: hostilePackages,
      merge: false,
      requestedBy: 'discord:1',
      ...changes,
    }),
    stop: async () => {
      await source.stop();
      await store.close();
      await fixture.stop();
      await rm(folder, { recursive: true });
    },
  };
}

const hostilePackages: RegistrationRequest['packages'] = [
  { name: 'com.studio.tool', version: '1.0.0', path: '', excludedBecause: undefined },
  {
    name: 'x',
    version: undefined,
    path: 'a`b @everyone',
    excludedBecause: '[x](http://evil.test) private',
  },
];

/** Connects the App to GitHub; it knows no repository yet. */
export function connectTo({ github }: GitHubFixture): ReturnType<typeof buildGitHub> {
  const appPem = github.appPem();
  return buildGitHub({
    apiUrl: github.apiUrl,
    appId: github.state.appId,
    appKey: () => appPem,
    token: () => undefined,
    pacesWrites: false,
    clock: systemClock,
  });
}
