import type { AppDeps, Parts } from './parts.ts';

/** Records the settings at the start, so that two starts show which setting changed. Config holds no secret. */
export async function recordStart(deps: AppDeps, parts: Parts): Promise<void> {
  const { warnings: _, repositories, discord, ...settings } = deps.config;
  const bot = discord && { ...discord, userIds: Object.fromEntries(discord.userIds) };
  await record(deps, parts, 'process-started', {
    ...settings,
    repositoriesInFile: repositories.length,
    discord: bot,
  });
}

export async function recordStop(deps: AppDeps, parts: Parts): Promise<void> {
  await record(deps, parts, 'process-stopped', {});
}

/** Records an event; a full disk prevents neither a start nor a stop. */
async function record(
  { logger }: AppDeps,
  { store }: Parts,
  action: string,
  facts: Readonly<Record<string, unknown>>,
): Promise<void> {
  await store.audit
    .append({ action, actor: 'publisher', subject: 'process', facts })
    .catch((error: unknown) => logger.warn('not written into the audit trail', { action, error }));
}
