import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type PublisherProcess, startPublisher } from '../sandbox/process.ts';
import type { World } from '../sandbox/world.ts';
import type { Lane } from './scenarios.ts';

/** A publisher process that is measured. Each has a repository, names and a data folder of its own. */
export interface Contender {
  readonly lane: Lane;
  process: PublisherProcess;
  /** Replaces the process by one that knows nothing: no mirror, no packuments, nothing imported yet. */
  startAfresh(): Promise<void>;
  /** Commands that the process has started so far. */
  countCommands(): Promise<number>;
  stop(): Promise<void>;
}

/** Another state of this project, ready to be started. */
export interface Build {
  readonly folder: string;
  remove(): Promise<void>;
}

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));

/** Checks out a git ref of this project in a temporary folder. Installs its packages only if they are not ours. */
export async function openBuild(ref: string): Promise<Build> {
  const parent = await mkdtemp(join(tmpdir(), 'bench-against-'));
  const folder = join(parent, 'build');
  await run('git', ['-C', root, 'worktree', 'add', '--quiet', '--detach', folder, ref]);
  const [ours, theirs] = await Promise.all(
    [root, folder].map(async (at) => readFile(join(at, 'package-lock.json'), 'utf8')),
  );
  if (ours === theirs) await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  else await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder });
  return {
    folder,
    remove: async () => {
      await run('git', ['-C', root, 'worktree', 'remove', '--force', folder]);
      await rm(parent, { recursive: true, force: true });
    },
  };
}

/** Starts a publisher for the repository of one lane, from this checkout or from another build. */
export async function startContender(
  world: World,
  lane: Lane,
  slug: string,
  build?: Build,
): Promise<Contender> {
  const folder = await mkdtemp(join(world.folder, `${lane}-`));
  const repositories = join(folder, 'repositories.json');
  const entry = { url: `${world.host.url}/${slug}`, status: 'active' };
  await writeFile(repositories, JSON.stringify({ repositories: [entry] }));
  const commands = join(folder, 'commands');
  await writeFile(commands, '');
  const counter = fileURLToPath(new URL('count-commands.mjs', import.meta.url));
  const start = async (): Promise<PublisherProcess> =>
    startPublisher({
      env: {
        ...world.environment(),
        DATA_DIR: await mkdtemp(join(folder, 'data-')),
        REPOSITORIES_FILE: repositories,
        NODE_OPTIONS: `--import=${counter}`,
        COUNT_COMMANDS_FILE: commands,
      },
      ...(build === undefined ? {} : { source: build.folder }),
    });
  const stop = async (process: PublisherProcess): Promise<void> => {
    process.kill('SIGKILL');
    await process.exited;
  };
  const contender: Contender = {
    lane,
    process: await start(),
    startAfresh: async () => {
      await stop(contender.process);
      contender.process = await start();
    },
    countCommands: async () => (await readFile(commands, 'utf8')).length,
    stop: async () => stop(contender.process),
  };
  return contender;
}
