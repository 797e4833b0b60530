import { type Failure, failure, Outage } from '../../domain/failure/failure.ts';
import { isPerson } from '../../domain/job/actor.ts';
import { failed } from '../../domain/job/package-result.ts';
import type { PackageResult } from '../../domain/job/report.ts';
import type { Intent, PublishLedger, RefusedUpload } from '../../ports/catalog.ts';
import type { PutAnswer, Registry } from '../../ports/registry.ts';
import type { Run } from '../run/pipeline.ts';
import type { PackageRun } from './package-run.ts';

export interface RefusalDeps {
  readonly ledger: Pick<PublishLedger, 'listRefused' | 'saveRefused' | 'forgetRefused'>;
  readonly registry: Pick<Registry, 'probe'>;
  /** Identifies the current registry token without revealing it. */
  readonly registryCredentials: () => string;
}

const unauthorized = 401;
const forbidden = 403;

/**
 * Returns the refusal that keeps a version from being sent again; undefined when it may be sent. A 401 concerns the
 * right to publish the name. A 403 may concern one version only, so the next version is tried, and with a second
 * refused version the whole name counts as refused. A version that somebody asked for is sent once more. Pure.
 */
export function findBar(
  refused: readonly RefusedUpload[],
  version: string,
  isAskedFor: boolean,
): RefusedUpload | undefined {
  if (isAskedFor) return undefined;
  const isOfName = new Set(refused.map((item) => item.version)).size > 1;
  return refused.find((item) => isOfName || item.status === unauthorized || item.version === version);
}

/**
 * Sends an upload unless the same token was refused it before, and saves a new refusal: a token that the registry
 * knows but does not let publish is tried once. Throws Outage when the registry does not know the token.
 */
export async function sendUnlessRefused(
  deps: RefusalDeps,
  run: Run,
  intent: Intent,
  result: PackageResult,
  send: () => Promise<{ readonly answer: PutAnswer; readonly outcome: PackageRun }>,
): Promise<PackageRun> {
  const { name, version } = intent;
  const credentials = deps.registryCredentials();
  const refused = await deps.ledger.listRefused(name, credentials);
  const bar = findBar(refused, version, isAskedFor(run, intent));
  if (bar !== undefined) return { kind: 'result', result: failed(result, wordBar(bar)) };
  const { answer, outcome } = await send();
  if (outcome.result.state === 'published' && refused.length > 0) await deps.ledger.forgetRefused(name);
  const why = outcome.result.failure;
  if (why === undefined) return outcome;
  if (answer.kind === 'credentials') await checkToken(deps, run, answer.detail, credentials);
  const status = findStatus(answer, why);
  if (status !== undefined) {
    await deps.ledger.saveRefused({ name, version, credentials, status, failure: why });
  }
  return outcome;
}

/** Whether a person asked for the upload, or the very commit that was refused was dispatched again. */
function isAskedFor({ job }: Run, intent: Intent): boolean {
  const isDispatched = job.requestedBy === 'event' || job.requestedBy.startsWith('workflow:');
  return isPerson(job.requestedBy) || (isDispatched && intent.job !== job.number);
}

/** Throws Outage when the registry refuses the token itself, or the token was changed meanwhile. */
async function checkToken(deps: RefusalDeps, run: Run, detail: string, shown: string): Promise<void> {
  await deps.registry.probe(run.signal);
  if (deps.registryCredentials() !== shown) throw new Outage('registry', 'credentials', detail);
}

/** Returns the HTTP status with which the token was refused; undefined when something else was wrong. */
function findStatus(answer: PutAnswer, why: Failure): number | undefined {
  if (why.reason === 'registry-requires-otp') return unauthorized;
  if (why.reason !== 'registry-forbidden') return undefined;
  return answer.kind === 'credentials' ? unauthorized : forbidden;
}

function wordBar({ failure: why, name, refusedAt, status, version }: RefusedUpload): Failure {
  if (why.reason !== 'registry-forbidden') return why;
  const at = new Date(refusedAt).toISOString().slice(0, 16).replace('T', ' ');
  const detail = `it refused ${version} at ${at} UTC (HTTP ${status}), and the token is still the same`;
  return failure('registry-forbidden', { name, detail });
}
