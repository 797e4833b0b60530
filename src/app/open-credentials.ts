import { inspectDiscord } from '../adapters/discord/discord-inspection.ts';
import { probeGemini } from '../adapters/wording/gemini-probe.ts';
import { Outage } from '../domain/failure/failure.ts';
import type { CredentialProbe, ProbeAnswer } from '../publisher/watch/upkeep/check-credentials.ts';
import { hasGitHubCredentials } from './open-changelog.ts';
import type { AppDeps, Parts } from './parts.ts';

/** Builds a probe for each credential that is set; it reads the credential anew each time, since it rotates. */
export function openCredentialProbes(deps: AppDeps, parts: Parts): readonly CredentialProbe[] {
  const { credentials } = parts.github;
  return [
    {
      name: 'registry',
      remedy: 'Renew NPM_TOKEN.',
      ask: async (signal) => answerOf(async () => parts.registry.probe(signal).then(() => undefined)),
    },
    ...(hasGitHubCredentials(deps)
      ? [{ ...github, ask: async (signal: AbortSignal) => answerOf(async () => credentials.probe(signal)) }]
      : []),
    ...openDiscordProbe(deps),
    ...openGeminiProbe(deps),
  ];
}

const github = { name: 'github', remedy: 'Renew GITHUB_TOKEN, or the key of the App.' } as const;

/** Turns an Outage into data; a success says when the credential expires. */
async function answerOf(probe: () => Promise<number | undefined>): Promise<ProbeAnswer> {
  try {
    return { kind: 'taken', expiresAt: await probe() };
  } catch (error) {
    if (!(error instanceof Outage)) throw error;
    return error.kind === 'credentials' ? { kind: 'refused', why: error.detail } : { kind: 'unknown' };
  }
}

function openDiscordProbe({ config, secrets }: AppDeps): readonly CredentialProbe[] {
  const { discord } = config;
  if (discord === undefined) return [];
  const { apiUrl, guildId } = discord;
  return [
    {
      name: 'discord',
      remedy: 'Renew DISCORD_TOKEN.',
      ask: async (signal) => {
        const token = secrets.discordToken();
        if (token === undefined) return { kind: 'unknown' };
        const seen = await inspectDiscord({ apiUrl, token, guildId, threadIds: [], roleIds: [] }, signal);
        const [trouble] = seen.troubles;
        return trouble === undefined ? { kind: 'taken' } : { kind: 'refused', why: trouble.text };
      },
    },
  ];
}

function openGeminiProbe({ config, secrets }: AppDeps): readonly CredentialProbe[] {
  if (secrets.geminiKey() === undefined) return [];
  const { geminiApiUrl: apiUrl, geminiModel: model } = config;
  return [
    {
      name: 'gemini',
      remedy: 'Check GEMINI_API_KEY and GEMINI_MODEL; until then changelogs are worded by rule.',
      ask: async (signal) => {
        const trouble = await probeGemini({ apiKey: secrets.geminiKey() ?? '', model, apiUrl }, signal);
        if (trouble === undefined) return { kind: 'taken' };
        return trouble.isOurs ? { kind: 'refused', why: `it ${trouble.why}` } : { kind: 'unknown' };
      },
    },
  ];
}
