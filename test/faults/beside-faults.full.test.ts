import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Fault, type FaultProxy, startFaultProxy } from '../../sandbox/fault-proxy.ts';
import { type Gemini, startGemini } from '../../sandbox/gemini.ts';
import { type ActionsIssuer, startActionsIssuer } from '../../sandbox/github/actions-issuer.ts';
import { unityPackage } from '../../sandbox/unity-repository.ts';
import type { JobShown, ReportShown } from '../../sandbox/world.ts';
import { packageOf } from '../world/report-reading.ts';
import { raised } from '../world/written-back.ts';
import { addressOf } from './doors.ts';
import {
  type Cell,
  expectCalm,
  type FaultyNeighbours,
  findCell,
  nameOf,
  slugOf,
  startFaultyNeighbours,
} from './faulty-neighbours.ts';

const audience = 'upm-auto-publisher';
const json = { 'content-type': 'application/json' };
const says = (status: number, body = '{}'): Fault => ({ kind: 'status', status, headers: json, body });

interface ModelCell extends Cell {
  /** The report's reason for not using the model. */
  readonly why: string;
}

function modelCell(cell: string, fault: Fault, why: string): ModelCell {
  return { cell: `model-${cell}`, fault: () => fault, why };
}

/** Cells of the model; not more than the requests that it may get in a minute. */
const modelCells: readonly ModelCell[] = [
  modelCell('silent', { kind: 'hang' }, 'did not answer within 3 s'),
  modelCell('slow', { kind: 'dribble', chunkBytes: 1, everyMs: 100 }, 'did not answer within 3 s'),
  modelCell('torn', { kind: 'store-then-drop' }, 'could not be reached'),
  modelCell('half', { kind: 'half-answer' }, 'could not be reached'),
  modelCell('endless', { kind: 'endless' }, 'answered at far too great a length'),
  modelCell('page', { kind: 'html-200' }, 'answered with something that is not JSON'),
  modelCell('other', says(200), 'answered nothing'),
  modelCell('429', says(429), 'answered HTTP 429'),
  {
    cell: 'model-moved',
    fault: ({ elsewhere }) => ({ kind: 'redirect', status: 307, to: elsewhere.url }),
    why: 'could not be reached',
  },
];

/** Faults of the request that finds the App's installation on the repository. */
const appCells: readonly Cell[] = [
  ['silent', { kind: 'hang' }],
  ['torn', { kind: 'reset', when: 'after-forwarding' }],
  ['half', { kind: 'half-answer' }],
  ['page', { kind: 'html-200' }],
  ['other', says(200)],
  ['endless', { kind: 'endless' }],
  ['503', says(503)],
].map(([cell, fault]) => ({ cell: `app-${cell as string}`, fault: () => fault as Fault }));

function shown({ jobs: [job] }: ReportShown): JobShown {
  if (job === undefined) throw new Error('the dispatch has no job');
  return job;
}

const within = { timeout: 120_000, interval: 200 };
const claims = { repository: 'studio/packages', repository_owner_id: 7, event_name: 'push' };
let gemini: Gemini;
let issuer: ActionsIssuer;
let model: FaultProxy;
let identity: FaultProxy;
let heartbeat: FaultProxy;
let neighbours: FaultyNeighbours;

beforeAll(async () => {
  gemini = await startGemini();
  issuer = await startActionsIssuer();
  model = await startFaultProxy({ target: gemini.url, readsBodies: true });
  identity = await startFaultProxy({ target: issuer.url });
  heartbeat = await startFaultProxy({ target: issuer.url });
  identity.setFaults(() => ({ kind: 'hang' }));
  heartbeat.setFaults(() => ({ kind: 'hang' }));
  neighbours = await startFaultyNeighbours(
    [...modelCells, ...appCells].map(({ cell }) => cell),
    {
      asApp: true,
      env: {
        GEMINI_API_KEY: gemini.key,
        GEMINI_MODEL: gemini.model,
        GEMINI_API_URL: addressOf(model),
        CHANGELOG_BUDGET_SECONDS: '3',
        OIDC_AUDIENCE: audience,
        OIDC_ISSUER: addressOf(identity),
        HEARTBEAT_URL: `${heartbeat.url}ping/key-of-the-heartbeat`,
      },
    },
  );
});
afterAll(async () => {
  await neighbours.stop();
  await Promise.all([model, identity, heartbeat, gemini, issuer].map(async (item) => item.stop()));
});

describe('a model that misbehaves', () => {
  it.each(modelCells)('changes nothing about the publish of $cell but the words', async ({ cell, why }) => {
    const { world } = neighbours;
    const repository = slugOf(cell);
    model.setFaults(({ body }) =>
      modelCells.find((item) => body.includes(nameOf(item.cell)))?.fault(neighbours),
    );
    await world.publish({ files: unityPackage(nameOf(cell), '1.0.0', { folder: 'Core' }) }, { repository });
    const startedAt = Date.now();
    const job = await world.publish({ files: raised(nameOf(cell), '1.1.0') }, { repository });
    expect(job).toMatchObject({ status: 'published', attempts: 1 });
    expect(packageOf(job, nameOf(cell)).warnings).toContainEqual(
      expect.stringContaining(`worded by rule: the model ${why}`),
    );
    expect(Date.now() - startedAt).toBeLessThan(15_000);
  });
});

describe('an App that cannot get its tokens', () => {
  it('waits, and publishes what waited once it gets them', async () => {
    const { api, world } = neighbours;
    api.setFaults((request) => findCell(appCells, request)?.fault(neighbours));
    const accepted = appCells.map(async ({ cell }) => {
      const repository = slugOf(cell);
      const commit = world.push({ files: unityPackage(nameOf(cell), '1.0.0') }, repository);
      return { cell, id: (await world.dispatch(commit, { repository })).id };
    });
    const jobs = await Promise.all(accepted);
    const readAll = async (): Promise<readonly unknown[]> =>
      Promise.all(
        jobs.map(async ({ cell, id }) => {
          const { status, waitingFor, attempts } = shown(await world.report(id));
          return { cell, status, waitingFor, attempts };
        }),
      );
    const parked = jobs.map(({ cell }) => ({ cell, status: 'queued', waitingFor: 'git-host', attempts: 0 }));
    await vi.waitFor(async () => expect(await readAll()).toEqual(parked), within);
    api.clear();
    const done = jobs.map(({ cell }) => ({ cell, status: 'published', waitingFor: null, attempts: 1 }));
    await vi.waitFor(async () => expect(await readAll()).toEqual(done), within);
    expect(world.process.output()).not.toContain('undefined');
  });
});

describe('an issuer of identity tokens that does not answer', () => {
  it('delays nobody whose dispatch is signed', async () => {
    const { world } = neighbours;
    const body = JSON.stringify({ repository: world.slug, commit_sha: '0'.repeat(40) });
    const ask = async (): Promise<number> => {
      const token = await issuer.sign(claims, { audience, issuer: addressOf(identity) });
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
      const answer = await fetch(`${world.process.url}/dispatch`, { method: 'POST', headers, body });
      await answer.body?.cancel();
      return answer.status;
    };
    const startedAt = Date.now();
    const asked = Promise.all(Array.from({ length: 20 }, ask));
    const job = await world.publish({ files: unityPackage('com.studio.signed', '1.0.0') });
    expect(job).toMatchObject({ status: 'published', attempts: 1 });
    expect(await asked).toEqual(Array.from({ length: 20 }, () => 503));
    expect(Date.now() - startedAt).toBeLessThan(20_000);
  });
});

describe('a heartbeat service', () => {
  it('that does not answer is given up after ten seconds, and its key is logged nowhere', async () => {
    const { world } = neighbours;
    const line = await world.process.waitFor(({ msg }) => msg === 'no heartbeat');
    expect(line['why']).toBe('it did not answer in time');
    expect(world.process.output()).not.toContain('key-of-the-heartbeat');
  });
});

describe('after all faults of model, App, issuer and heartbeat', () => {
  it('nobody else got a secret, /healthz stayed quick, and the process’s memory did not grow', () => {
    const { elsewhere, watch } = neighbours;
    expect(elsewhere.heard()).toEqual([]);
    expectCalm(watch);
  });
});
