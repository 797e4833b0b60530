import type { AppDeps, Parts } from './parts.ts';

/** What this process works by: two starts tell which setting was changed between them. Config holds no secret. */
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

/** A full disk keeps neither a process from starting nor from ending. */
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
