import type { ExpiringCredential } from '../../../domain/announcement/digest.ts';
import type { RegistryWarning } from '../../../domain/package/registry-address.ts';
import {
  type CredentialName,
  findExpiryStep,
  type KnownCredential,
} from '../../../domain/repository/credential.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { CredentialMemory } from '../../../ports/memory.ts';
import type { JobFinding, JobFindings } from '../../../ports/schedule.ts';

export type ProbeAnswer =
  | { readonly kind: 'taken'; readonly expiresAt?: number | undefined }
  /** Somebody must renew or correct the credential; `why` is one phrase. */
  | { readonly kind: 'refused'; readonly why: string }
  /** Nothing is known, because the neighbour is down. */
  | { readonly kind: 'unknown' };

export interface CredentialProbe {
  readonly name: CredentialName;
  /** What to do when the credential is refused, in one sentence. */
  readonly remedy: string;
  /** May throw when nothing is known, and for the signal. */
  readonly ask: (signal: AbortSignal) => Promise<ProbeAnswer>;
}

export interface CheckCredentialsDeps {
  readonly clock: Pick<Clock, 'now'>;
  /** Probes of the credentials that are configured. */
  readonly credentialProbes: readonly CredentialProbe[];
  /** Deadline of each probe, so that a probe that hangs keeps no other waiting. */
  readonly credentialDeadlineMs: number;
  readonly credentialMemory: CredentialMemory;
  readonly findings: JobFindings;
  /** A warning about what will stop working with the registry. */
  readonly registryWarning?: RegistryWarning | undefined;
}

export interface CheckedCredentials {
  readonly checked: number;
  readonly refused: number;
  readonly unknown: number;
  readonly expiring: number;
}

/** Name of the scheduled job to which these findings belong. */
export const credentialCheck = 'credential-check';

/** What each credential is called in sentences. */
const credentialWords: Readonly<Record<CredentialName, string>> = {
  registry: 'the registry’s token',
  github: 'the credentials for GitHub',
  discord: 'the bot’s token',
  gemini: 'the key of the model',
};

/**
 * Shows each credential to the service that must accept it. A refused credential is announced once, and once more
 * when it works again; an expiring one is announced 14, 7 and 1 day before. Nothing new is learned while a neighbour
 * is down.
 */
export async function checkCredentials(
  deps: CheckCredentialsDeps,
  signal: AbortSignal,
): Promise<CheckedCredentials> {
  const { clock, credentialProbes: probes, credentialMemory: memory, findings } = deps;
  const before = new Map((await memory.list()).map((known) => [known.name, known]));
  const asked = await Promise.all(
    probes.map(async (probe) => ({ probe, answer: await askInTime(deps, probe, signal) })),
  );
  signal.throwIfAborted();
  const now = clock.now();
  const known = asked.map(({ answer, probe }) => learn(probe.name, answer, before.get(probe.name), now));
  await memory.save(known);
  await findings.settle(credentialCheck, [
    ...asked.flatMap(({ answer, probe }) => describe(probe, answer, now)),
    describeRegistry(deps.registryWarning),
  ]);
  const count = (kind: ProbeAnswer['kind']): number =>
    asked.filter(({ answer }) => answer.kind === kind).length;
  const expiring = known.filter(({ expiresAt }) => findExpiryStep(expiresAt, now) !== undefined).length;
  return { checked: asked.length, refused: count('refused'), unknown: count('unknown'), expiring };
}

/** Lists the credentials that expire within 14 days, as the last check knew. */
export async function listExpiring(
  memory: CredentialMemory,
  now: number,
): Promise<readonly ExpiringCredential[]> {
  return (await memory.list()).flatMap(({ expiresAt, name }) =>
    expiresAt === undefined || findExpiryStep(expiresAt, now) === undefined
      ? []
      : [{ what: credentialWords[name], expiresAt }],
  );
}

async function askInTime(
  { credentialDeadlineMs }: CheckCredentialsDeps,
  { ask }: CredentialProbe,
  signal: AbortSignal,
): Promise<ProbeAnswer> {
  try {
    return await ask(AbortSignal.any([signal, AbortSignal.timeout(credentialDeadlineMs)]));
  } catch {
    return { kind: 'unknown' };
  }
}

function learn(
  name: CredentialName,
  answer: ProbeAnswer,
  before: KnownCredential | undefined,
  now: number,
): KnownCredential {
  switch (answer.kind) {
    case 'taken':
      return { name, refusedSince: undefined, expiresAt: answer.expiresAt };
    case 'refused':
      return { name, refusedSince: before?.refusedSince ?? now, expiresAt: undefined };
    case 'unknown':
      return before ?? { name, refusedSince: undefined, expiresAt: undefined };
  }
}

function describe(probe: CredentialProbe, answer: ProbeAnswer, now: number): readonly JobFinding[] {
  switch (answer.kind) {
    case 'unknown':
      return [];
    case 'refused':
      return [describeRefused(probe, answer.why, now)];
    case 'taken':
      return [describeTaken(probe.name), describeExpiry(probe, answer.expiresAt, now)];
  }
}

/** Announced once, since we cannot mend it. */
function describeRegistry(warning: RegistryWarning | undefined): JobFinding {
  const subject = 'registry future';
  if (warning === undefined) return { subject, text: undefined, notice: undefined };
  return {
    subject,
    text: warning.text,
    notice: {
      kind: 'monitoring-notice',
      tone: 'trouble',
      subject: credentialCheck,
      title: 'The registry will end the way we publish',
      detail: `${warning.text}. ${warning.remedy}`,
      since: null,
    },
  };
}

function describeRefused({ name, remedy }: CredentialProbe, why: string, now: number): JobFinding {
  const title = `A credential is refused: ${credentialWords[name]}`;
  const detail = `${why}. ${remedy}`;
  return {
    subject: name,
    // Announced once, in whatever words it is refused the next time.
    text: 'refused',
    notice: {
      kind: 'monitoring-notice',
      tone: 'trouble',
      subject: credentialCheck,
      title,
      detail,
      since: now,
    },
  };
}

/** Announced only if the credential was refused before. */
export function describeTaken(name: CredentialName): JobFinding {
  const title = `A credential works again: ${credentialWords[name]}`;
  const detail = 'Nothing is left to do.';
  return {
    subject: name,
    text: undefined,
    notice: { kind: 'monitoring-notice', tone: 'good', subject: credentialCheck, title, detail, since: null },
  };
}

function describeExpiry(
  { name, remedy }: CredentialProbe,
  expiresAt: number | undefined,
  now: number,
): JobFinding {
  const subject = `${name} expiry`;
  const days = findExpiryStep(expiresAt, now);
  if (expiresAt === undefined || days === undefined) return { subject, text: undefined, notice: undefined };
  const at = new Date(expiresAt).toISOString().slice(0, 16).replace('T', ' ');
  const title = `A credential ends within ${days === 1 ? 'a day' : `${days} days`}: ${credentialWords[name]}`;
  return {
    subject,
    text: `${at}, ${days}`,
    notice: {
      kind: 'monitoring-notice',
      tone: 'trouble',
      subject: credentialCheck,
      title,
      detail: `It works until ${at} UTC. ${remedy}`,
      since: null,
    },
  };
}
