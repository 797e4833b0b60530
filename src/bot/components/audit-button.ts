import { listAudit } from '../../publisher/operations/list-audit.ts';
import type { Handler } from '../interactions/handler.ts';
import { refuse } from '../messages/refusals.ts';
import { auditAction, buildAuditPage, parseAuditPlace } from '../pages/audit-page.ts';
import { olderVersion } from '../pages/proposals.ts';

/** Shows operators the audit trail: the newest page from /status, and the neighbouring pages from there. */
export const auditButton: Handler = {
  action: auditAction,
  access: 'operators',
  of: 'answer',
  acknowledge: 'update',
  press: async ({ ask, clock }, { id }) => {
    const wanted = parseAuditPlace(id);
    if (wanted === undefined) return olderVersion;
    const answer = await ask(listAudit, wanted.of, wanted.beside);
    if (answer.kind !== 'audit') return refuse(answer);
    const page = buildAuditPage(answer, wanted.of, clock.now());
    return wanted.beside === undefined ? page : { replace: page };
  },
};
