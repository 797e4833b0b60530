import { attestationFile } from '../../../domain/package/signing.ts';
import type { Fix } from './fix.ts';

export const removeAttestation: Fix = {
  rule: 'sign.stale-attestation',
  does: 'removes the signature of other bytes',
  canFix: () => true,
  reads: () => [],
  fix: ({ paths }) => (paths.has(attestationFile) ? [{ kind: 'deleted', path: attestationFile }] : []),
};
