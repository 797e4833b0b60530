import { once } from 'node:events';
import { parseArgs, styleText } from 'node:util';
import { importRepository } from './import-repository.ts';
import { heading, narrateLine, say, showJob } from './narration.ts';
import { installWithNpm } from './plain-npm.ts';
import { sampleRepository } from './sample-repository.ts';
import { checkThread } from './thread-check.ts';
import { type JobShown, World } from './world.ts';

const usage = `The main job on this machine, no account needed: a registry, a git host, a stand-in for Discord and the real process
on loopback; a Unity repository is pushed, its packages are published, checked, announced in a thread that can be opened
in a browser, and installed with plain npm.

  npm run demo [-- options]

  --once                 run it through and exit 0 or 1; otherwise it stays up to play with
  --repository <where>   a folder or git URL of your own instead of the sample
  --help
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      once: { type: 'boolean', default: false },
      repository: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const own = values.repository === undefined ? undefined : importRepository(values.repository);
  heading('Starting a registry, a git host, a stand-in for Discord and the publisher');
  const world = await World.start({
    discord: true,
    env: { LOG_LEVEL: 'debug' },
    onLine: narrateLine,
    ...(own === undefined ? {} : { scopes: own.scopes.join(',') }),
  });
  try {
    say(`registry   ${world.registry.url}`);
    say(`git host   ${world.host.url}/${world.slug}.git`);
    say(`publisher  ${world.process.url} (reports at /dispatches/<id>, API at /docs)`);
    pointAtThread(world);
    const isGood = own === undefined ? await runSample(world) : await runOwn(world, own.bare);
    if (!values.once) await stayUp(world);
    return isGood ? 0 : 1;
  } finally {
    own?.remove();
    await world.stop();
  }
}

async function runSample(world: World): Promise<boolean> {
  const sample = sampleRepository();
  heading('A developer pushes a repository with several packages');
  const first = await world.publish(sample.first);
  showJob(first);
  heading('Somebody bumps one of them');
  const second = await world.publish(sample.bump);
  showJob(second);
  heading('Somebody leaves a .meta at home: Unity would give it another GUID in every project');
  const third = await world.publish(sample.forgotten);
  showJob(third);
  heading('And somebody forgets a comma');
  const fourth = await world.publish(sample.mistake);
  showJob(fourth);
  const jobs = [first, second, third, fourth];
  const isInstalled = await install(world, sample.installs, [second, first]);
  const isTold = await readThread(world, jobs);
  const statuses = jobs.map(({ status }) => status);
  const isAsExpected = statuses.join() === 'published,published,failed,failed' && isStopped(third);
  return isInstalled && isTold && isAsExpected;
}

function isStopped({ packages }: JobShown): boolean {
  return packages.some(({ reason }) => reason === 'preflight-rejected');
}

async function runOwn(world: World, bare: string): Promise<boolean> {
  heading('Your repository is pushed');
  const commit = world.pushFrom(bare);
  const { id } = await world.dispatch(commit);
  const job = await world.finished(id);
  showJob(job);
  const isTold = await readThread(world, [job]);
  const published = job.packages.find((item) => item.outcome === 'published');
  if (published === undefined) return isTold && job.status === 'nothing-to-publish';
  const isInstalled = await install(world, published.name, [job]);
  return isInstalled && isTold && job.status === 'published';
}

function pointAtThread({ discord }: World): void {
  say(styleText('bold', `thread     open it to watch: ${discord?.pageUrl}`));
}

/** Returns whether the thread announced every job that published or failed. */
async function readThread({ discord }: World, jobs: readonly JobShown[]): Promise<boolean> {
  if (discord === undefined) return false;
  heading('The team reads in the thread');
  const lines = await Promise.all(jobs.map((job) => checkThread(discord, job)));
  for (const { text, isThere } of lines.flat()) say(`${isThere ? '✓' : '✗'} ${text}`);
  return lines.flat().every((line) => line.isThere);
}

/**
 * Installs a package with npm and returns whether it got exactly the bytes that the reports promised, dependencies
 * included.
 */
async function install(world: World, name: string, jobs: readonly JobShown[]): Promise<boolean> {
  heading(`npm install ${name} --registry ${world.registry.url}`);
  const published = jobs.flatMap((job) => job.packages).filter((item) => item.outcome === 'published');
  const installed = await installWithNpm(name, 'latest', world.registry.url);
  const isSame = installed.map((item) => {
    const same = published.some(
      (known) =>
        known.name === item.name && known.version === item.version && known.integrity === item.integrity,
    );
    say(`${same ? '✓' : '✗'} ${item.name} ${item.version} has ${same ? 'the' : 'not the'} reported bytes`);
    return same;
  });
  return isSame.length > 0 && !isSame.includes(false);
}

async function stayUp(world: World): Promise<void> {
  heading('It stays up. Push and see:');
  const url = new URL(world.host.url);
  say(`git clone http://demo:${world.gitToken}@${url.host}/${world.slug}.git && cd packages`);
  say('… change a version, git commit -am "Bump", git push');
  pointAtThread(world);
  say('Ctrl-C ends it.');
  world.host.onPush((slug) => {
    const commit = world.tip(slug);
    if (commit === undefined || slug !== world.slug) return;
    world
      .dispatch(commit)
      .then(async ({ id }) => showJob(await world.finished(id)))
      .catch((error: unknown) => say(error instanceof Error ? error.message : String(error)));
  });
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
}

process.exitCode = await main();
