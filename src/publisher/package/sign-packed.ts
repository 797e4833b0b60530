import { type Failure, PublishError, renderFailure } from '../../domain/failure/failure.ts';
import type { Finding } from '../../domain/job/report.ts';
import type { Tarball } from '../../domain/package/tarball.ts';
import type { Packed, PackRequest } from '../../ports/packing.ts';
import type { Run } from '../run/pipeline.ts';
import type { BuildDeps } from './deps.ts';

export type Signed =
  | { readonly kind: 'ready'; readonly tarball: Tarball; readonly findings: readonly Finding[] }
  | { readonly kind: 'refused'; readonly failure: Failure };

/**
 * Returns the tarball to publish: signed, or as packed where the policy allows that. A signer that fails makes the
 * package fail, not the attempt. Throws what else the signer throws (disk-full, the signal's reason).
 */
export async function signPacked(
  deps: Pick<BuildDeps, 'signing'>,
  run: Run,
  { manifest, folder, outFile, maxBytes }: PackRequest,
  { tarball, entries }: Packed,
): Promise<Signed> {
  const { policy, signer } = deps.signing;
  if (policy === 'off') return { kind: 'ready', tarball, findings: [] };
  if (signer === undefined) return { kind: 'ready', tarball, findings: [unsigned('no signer is set up')] };
  const { name, version } = manifest;
  try {
    const request = { name, version, folder, entries, outFile, maxBytes };
    const signed = await run.stage('sign', name, async () => signer.sign(request, run.signal));
    return { kind: 'ready', tarball: signed, findings: [] };
  } catch (error) {
    if (!(error instanceof PublishError) || !isAboutSigning(error.failure)) throw error;
    if (policy === 'required') return { kind: 'refused', failure: error.failure };
    return { kind: 'ready', tarball, findings: [unsigned(renderFailure(error.failure).title)] };
  }
}

function isAboutSigning({ reason }: Failure): boolean {
  return reason === 'signing-failed' || reason === 'signed-package-differs';
}

function unsigned(why: string): Finding {
  const message = `Published without a signature, which newer editors may refuse: ${why}`;
  return { rule: 'sign.required', severity: 'warn', message };
}
