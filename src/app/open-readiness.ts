import { describeDiscord } from '../bot/gateway/describe-discord.ts';
import type { OpenBot } from '../bot/gateway/open-bot.ts';
import type { Delivery } from '../publisher/announce/deliver.ts';
import type { Outages } from '../publisher/queue/outages/outages.ts';
import { buildReadiness, type Readiness } from '../publisher/queue/readiness.ts';
import type { GitHubWork } from './open-github.ts';
import type { AppDeps, Parts } from './parts.ts';

export interface ReadinessParts {
  readonly outages: Outages;
  readonly github: GitHubWork['state'];
  readonly bot: OpenBot | undefined;
  readonly delivery: Delivery;
}

/** Collects the current state of every component. */
export function openReadiness(
  { clock, secrets }: AppDeps,
  { store }: Parts,
  { bot, delivery, github, outages }: ReadinessParts,
): () => Promise<Readiness> {
  return buildReadiness({
    clock,
    keeper: store.keeper,
    memory: store.botMemory,
    outages,
    github,
    discord: bot === undefined ? undefined : () => describeDiscord(bot.state(), delivery.trouble()),
    credentials: store.credentialMemory,
    isGeminiConfigured: secrets.geminiKey() !== undefined,
  });
}
