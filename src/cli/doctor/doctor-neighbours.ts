import { buildNpmRegistry } from '../../adapters/registry/npm-registry.ts';
import { systemClock } from '../../adapters/system/system-clock.ts';
import { probeGemini } from '../../adapters/wording/gemini-probe.ts';
import { Outage } from '../../domain/failure/failure.ts';
import { findRegistryWarning } from '../../domain/package/registry-address.ts';
import type { Logger } from '../../ports/logger.ts';
import { type Check, type Finding, note, ok, problem } from './doctor-findings.ts';

const quiet: Logger = { debug() {}, info() {}, warn() {}, error() {} };
/** The largest clock difference: beyond it, others refuse tokens that we sign. */
const skewMaxMs = 30_000;

/** Checks the registry. It cannot be asked who may publish what: the first publish shows it. */
export const checkRegistry: Check = async ({ registryUrl }, secrets, signal) => {
  const registry = buildNpmRegistry({
    url: registryUrl,
    token: () => secrets.npmToken() ?? '',
    requestTimeoutMs: 10_000,
    putIdleTimeoutMs: 10_000,
    packuments: { find: async () => undefined, save: async () => undefined },
    clock: systemClock,
    logger: quiet,
  });
  try {
    await registry.probe(signal);
    return [
      ok('registry', `${registryUrl} answers and takes our token`),
      ...warnOfFuture(registryUrl),
      ...(await checkClock(registryUrl, signal)),
    ];
  } catch (error) {
    const detail = error instanceof Outage ? error.detail : 'no answer';
    const remedy =
      error instanceof Outage && error.kind === 'credentials'
        ? 'Renew NPM_TOKEN (or NPM_TOKEN_FILE).'
        : 'Check UPM_REGISTRY and that this machine reaches it.';
    return [problem('registry', `${registryUrl}: ${detail}`, remedy), ...warnOfFuture(registryUrl)];
  } finally {
    await registry.stop();
  }
};

function warnOfFuture(registryUrl: string): readonly Finding[] {
  const warning = findRegistryWarning(registryUrl);
  return warning === undefined ? [] : [note('registry', warning.text, warning.remedy)];
}

/** Compares clocks through a request to the registry without our token: any server's answer carries the time. */
async function checkClock(registryUrl: string, signal: AbortSignal): Promise<readonly Finding[]> {
  const answer = await fetch(registryUrl, { method: 'HEAD', redirect: 'manual', signal }).catch(
    () => undefined,
  );
  const said = Date.parse(answer?.headers.get('date') ?? '');
  if (Number.isNaN(said)) return [];
  const skewMs = Math.abs(systemClock.now() - said);
  if (skewMs <= skewMaxMs) return [ok('clock', 'agrees with the registry’s')];
  const seconds = Math.round(skewMs / 1000);
  return [problem('clock', `differs from the registry’s by ${seconds} s`, 'Set this machine’s clock (NTP).')];
}

/** Checks the model. Its problems stop nothing, since changelogs are then worded by rule. */
export const checkGemini: Check = async ({ geminiApiUrl: apiUrl, geminiModel: model }, secrets, signal) => {
  const apiKey = secrets.geminiKey();
  if (apiKey === undefined) {
    const remedy = 'Nothing to do, or set GEMINI_API_KEY to let a model word them.';
    return [note('gemini', 'not configured: changelogs are worded by rule', remedy)];
  }
  const trouble = await probeGemini({ apiKey, model, apiUrl }, signal);
  if (trouble === undefined) return [ok('gemini', `${apiUrl} takes our key and knows ${model}`)];
  return [
    problem('gemini', `${apiUrl} ${trouble.why}`, 'Check GEMINI_API_KEY, GEMINI_MODEL and GEMINI_API_URL.'),
  ];
};
