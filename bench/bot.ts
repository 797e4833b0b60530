import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { DiscordDouble, Outcome } from 'discord-stand-in';
import { unityPackage } from '../sandbox/unity-repository.ts';
import { World } from '../sandbox/world.ts';

export interface Spread {
  readonly asked: number;
  /** Milliseconds, as `p99`. */
  readonly p50: number;
  readonly p99: number;
  /** How many interactions nobody acknowledged within Discord's three seconds. */
  readonly lost: number;
}

export interface BotResult {
  /** Times to the first acknowledgement of /status, asked again and again while this many publishes run. */
  readonly acknowledgement: Spread & { readonly publishes: number };
  /** Times to acknowledge many people who ask at once, while just as many publishes run. */
  readonly burst: Spread;
  /** Times to complete a name through the gateway and the real process. */
  readonly completion: Spread & { readonly packages: number };
}

export const botAims = { acknowledgementMs: 1_000, completionMs: 100 } as const;

const publishes = 50;
const burstSize = 40;
const packages = 10_000;

/** Measures how quickly the bot answers while publishes run, and while it knows many packages. */
export async function measureBot(): Promise<BotResult> {
  const slugs = Array.from({ length: publishes }, (_, index) => `studio/repository${index}`);
  const world = await World.start({
    discord: true,
    repositories: slugs.map((slug) => ({ slug })),
    env: { PUBLISH_CONCURRENCY: String(publishes) },
  });
  try {
    const discord = await connected(world);
    const acknowledgement = await whilePublishing(world, slugs, '1.0.0', async (isOver) => {
      const outcomes: Outcome[] = [];
      while (!isOver()) outcomes.push(await askStatus(discord));
      return outcomes;
    });
    const burst = await whilePublishing(world, slugs, '1.1.0', async () =>
      Promise.all(Array.from({ length: burstSize }, async () => askStatus(discord))),
    );
    const completion = await measureCompletion(world, discord);
    return {
      acknowledgement: { ...spreadOf(acknowledgement), publishes },
      burst: spreadOf(burst),
      completion: { ...spreadOf(completion), packages },
    };
  } finally {
    await world.stop();
  }
}

async function connected(world: World): Promise<DiscordDouble> {
  const { discord } = world;
  if (discord === undefined) throw new Error('a world without Discord');
  await world.process.waitFor((line) => line.msg === 'discord ready');
  return discord;
}

async function askStatus(discord: DiscordDouble): Promise<Outcome> {
  const user = discord.user({ name: 'Ada', roles: [discord.operatorRoleId] });
  return discord.command({ name: 'status', options: {}, user });
}

/** Dispatches one publish of each repository and asks until the last of them is over. */
async function whilePublishing(
  world: World,
  slugs: readonly string[],
  version: string,
  ask: (isOver: () => boolean) => Promise<readonly Outcome[]>,
): Promise<readonly Outcome[]> {
  const commits = slugs.map((slug, index) => {
    const files = unityPackage(`com.studio.load${index}`, version, {
      assets: { count: 60, bytesEach: 20_000 },
    });
    return { slug, commit: world.push({ files }, slug) };
  });
  const accepted = await Promise.all(
    commits.map(async ({ slug, commit }) => world.dispatch(commit, { repository: slug })),
  );
  let over = false;
  const all = Promise.all(accepted.map(async ({ id }) => world.finished(id))).finally(() => {
    over = true;
  });
  const outcomes = await ask(() => over);
  const jobs = await all;
  if (jobs.some(({ status }) => status !== 'published')) throw new Error('a publish of the benchmark failed');
  return outcomes;
}

async function measureCompletion(world: World, discord: DiscordDouble): Promise<readonly Outcome[]> {
  world.process.kill('SIGTERM');
  await world.process.exited;
  const db = new Sqlite(join(world.folder, 'data', 'publisher.db'));
  const insert = db.prepare(
    `insert into head_packages (repository_id, path, name, version, manifest_oid, exclusion, seen_at)
     values (1, ?, ?, '1.0.0', '', null, 0)`,
  );
  db.transaction(() => {
    for (let index = 0; index < packages; index++)
      insert.run(`Packages/p${index}`, `com.studio.many.p${index}`);
  })();
  db.close();
  world.process = await world.startProcess();
  await connected(world);
  const user = discord.user({ name: 'Ada' });
  const outcomes: Outcome[] = [];
  for (let typed = 0; typed < 200; typed++) {
    const text = typed % 2 === 0 ? `com.studio.many.p${typed}` : `p${typed * 7}`;
    const options = { package: text };
    outcomes.push(await discord.autocomplete({ name: 'status', options, focused: 'package', user }));
  }
  return outcomes;
}

function spreadOf(outcomes: readonly Outcome[]): Spread {
  const times = outcomes
    .flatMap(({ acknowledgedInMs: ms }) => (ms === undefined ? [] : [ms]))
    .toSorted(byValue);
  const at = (share: number): number =>
    times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return { asked: outcomes.length, p50: at(0.5), p99: at(0.99), lost: outcomes.length - times.length };
}

function byValue(a: number, b: number): number {
  return a - b;
}

export function renderBot({ acknowledgement, burst, completion }: BotResult): string {
  const line = (what: string, { asked, p50, p99, lost }: Spread, aimMs: number): string => {
    const verdict = lost === 0 && p99 <= aimMs ? 'met' : 'missed';
    return `${what.padEnd(52)} asked ${String(asked).padStart(4)}  p50 ${p50.toFixed(0).padStart(4)} ms  p99 ${p99.toFixed(0).padStart(4)} ms  lost ${lost}  aim ${aimMs} ms ${verdict}`;
  };
  return [
    line(
      `acknowledged while ${acknowledgement.publishes} publishes run`,
      acknowledgement,
      botAims.acknowledgementMs,
    ),
    line(`acknowledged, ${burst.asked} people at once meanwhile`, burst, botAims.acknowledgementMs),
    line(`a name completed among ${completion.packages} packages`, completion, botAims.completionMs),
  ].join('\n');
}
