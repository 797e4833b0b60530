import type { AuditTrail } from '../../ports/audit.ts';
import { openForReading } from '../engine/connection.ts';
import { buildAuditTrail } from './audit-trail.ts';

export { StoreNotReadableError } from '../engine/connection.ts';

/** Of a database that another process may be working with. Throws StoreNotReadableError. */
export function openAuditTrail(file: string): AuditTrail {
  return buildAuditTrail(openForReading(file));
}
