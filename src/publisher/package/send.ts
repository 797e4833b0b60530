import type { Intent } from '../../ports/catalog.ts';
import type { PutAnswer } from '../../ports/registry.ts';
import type { PlannedPackage } from '../judge/judgement.ts';
import type { Run } from '../run/pipeline.ts';
import type { SendDeps } from './deps.ts';
import { withProvenance } from './provenance.ts';

/**
 * How long the version may still appear after each answer, in milliseconds; nothing is sent again before that.
 * `unclear` is over on our side but may take a registry a moment; a claimed success may pass through replication.
 */
const landingWindowMs: Readonly<Record<PutAnswer['kind'], number>> = {
  accepted: 10 * 60_000,
  'timed-out': 2 * 60_000,
  unclear: 15_000,
  conflict: 15_000,
  refused: 0,
  busy: 0,
  credentials: 0,
};

/** Window recorded while the PUT itself runs, in case the process is killed meanwhile. */
const inFlightMs = 15_000;

export interface Sent {
  readonly intent: Intent;
  readonly answer: PutAnswer;
}

/** Sends one PUT, and marks the intent before and after it. */
export async function sendOnce(
  deps: Pick<SendDeps, 'clock' | 'gitServerUrl' | 'ledger' | 'logger' | 'registry'>,
  run: Run,
  plan: PlannedPackage,
  intent: Intent,
): Promise<Sent> {
  await deps.ledger.markIntent(intent.id, 'sent', deps.clock.now() + inFlightMs);
  const { name, version } = plan.manifest;
  const answer = await deps.registry.put(
    {
      name,
      version,
      distTag: intent.distTag,
      manifest: withProvenance(deps.gitServerUrl, run.job, plan),
      readme: undefined,
      tarball: intent.tarball,
    },
    run.signal,
  );
  const mayLandUntil = deps.clock.now() + landingWindowMs[answer.kind];
  const state =
    answer.kind === 'accepted' ? 'accepted' : landingWindowMs[answer.kind] === 0 ? 'refused' : 'sent';
  if (answer.kind !== 'accepted') {
    deps.logger.warn('the registry did not simply accept', { job: run.job.number, package: name, answer });
  }
  await deps.ledger.markIntent(intent.id, state, mayLandUntil);
  return { intent: { ...intent, state, mayLandUntil }, answer };
}
