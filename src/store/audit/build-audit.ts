import type { StoreContext } from '../engine/context.ts';
import { buildAudit } from './audit.ts';
import { buildAuditPages } from './audit-pages.ts';
import { buildAuditRetention } from './audit-retention.ts';

/** The parts of the store that belong to this folder, under the names that the store gives them. */
export function buildAuditParts(context: StoreContext) {
  return {
    audit: buildAudit(context),
    auditPages: buildAuditPages(context),
    auditRetention: buildAuditRetention(context),
  };
}
