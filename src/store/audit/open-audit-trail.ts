import type { AuditTrail } from '../../ports/audit.ts';
import { openForReading } from '../engine/connection.ts';
import { buildAuditTrail } from './audit-trail.ts';

export { StoreNotReadableError } from '../engine/connection.ts';

/** Opens the audit trail of a database that another process may be using. Throws StoreNotReadableError. */
export function openAuditTrail(file: string): AuditTrail {
  return buildAuditTrail(openForReading(file));
}
