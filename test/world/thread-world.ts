import type { DiscordDouble, MessageView } from 'discord-stand-in';
import { unityPackage } from '../../sandbox/unity-repository.ts';
import { type JobShown, World, type WorldOptions } from '../../sandbox/world.ts';

/** Timeout for conditions that are polled. */
export const within = { timeout: 40_000, interval: 25 };

export const success = '📦 Package Published Successfully';
export const failure = '❌ Package Publish Failed';
/** Permissions that the invite link asks for. */
export const invited = 274_878_024_704n;

export interface ThreadWorld {
  readonly world: World;
  readonly discord: DiscordDouble;
}

/** Runs the work in a world with the bot, which ends with the work. */
export async function inThread(
  options: WorldOptions,
  work: (thread: ThreadWorld) => Promise<void>,
): Promise<void> {
  const world = await World.start({ ...options, discord: true });
  const { discord } = world;
  try {
    if (discord === undefined) throw new Error('a world without a Discord');
    await work({ world, discord });
  } finally {
    await world.stop();
  }
}

/** Returns the messages that are in the thread, oldest first. */
export function standing(discord: DiscordDouble): readonly MessageView[] {
  return discord.messages().filter(({ deleted }) => !deleted);
}

export function titleOf(message: MessageView | undefined): string {
  return message?.embeds[0]?.title ?? '';
}

export function titles(discord: DiscordDouble): readonly string[] {
  return standing(discord).map(titleOf);
}

export const isTitled =
  (title: string) =>
  (message: MessageView): boolean =>
    !message.deleted && titleOf(message) === title;

/** Returns the custom id of the button with this label; throws when there is no such button. */
export function buttonOf(message: MessageView, label: string): string {
  const found = message.buttons.find((button) => button.label === label);
  if (found?.customId === undefined) throw new Error(`no ${label} on: ${JSON.stringify(message.buttons)}`);
  return found.customId;
}

/** Makes one package each, in folders of their names. */
export function packages(...names: readonly string[]): Record<string, string> {
  return Object.assign(
    {},
    ...names.map((name) => unityPackage(name, '1.0.0', { folder: `Packages/${name}` })),
  );
}

/** Makes the registry refuse to publish these names, until the proxy is cleared. */
export function forbid(world: World, ...names: readonly string[]): void {
  world.proxy.setFaults(({ method, path }) =>
    method === 'PUT' && names.some((name) => path === `/${name}`)
      ? { kind: 'status', status: 403, when: 'after-body', body: '{"error":"not allowed to publish"}' }
      : undefined,
  );
}

/** Makes the registry's answers to PUTs take seconds, so that a job can be met while it runs. */
export function slowDown(world: World, chunkBytes = 1): void {
  world.proxy.setFaults(({ method, path }) =>
    method === 'PUT' && !path.startsWith('/-/') ? { kind: 'dribble', chunkBytes, everyMs: 100 } : undefined,
  );
}

/** Makes a job that the registry refuses; returns it with its failure reply. */
export async function failOne(
  { world, discord }: ThreadWorld,
  name: string,
): Promise<{ job: JobShown; commit: string; reply: MessageView }> {
  forbid(world, name);
  const commit = world.push({ files: packages(name) });
  const { id } = await world.dispatch(commit);
  const job = await world.finished(id);
  const reply = await discord.waitForMessage(
    (message) => isTitled(failure)(message) && message.content.includes(name),
  );
  return { job, commit, reply };
}

export async function readDiscordState(world: World): Promise<{ state: string; why: string | null }> {
  const answer = await fetch(`${world.process.url}/readyz`);
  const states = (await answer.json()) as { discord: { state: string; why: string | null } };
  return states.discord;
}
