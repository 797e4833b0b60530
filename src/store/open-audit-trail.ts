import type { AuditTrail } from '../ports/audit-trail.ts';
import { buildAuditTrail } from './audit-trail.ts';
import { openForReading } from './connection.ts';

export { StoreNotReadableError } from './connection.ts';

/** Of a database that another process may be working with. Throws StoreNotReadableError. */
export function openAuditTrail(file: string): AuditTrail {
  return buildAuditTrail(openForReading(file));
}
