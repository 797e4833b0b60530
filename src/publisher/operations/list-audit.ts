import type { RepositoryId } from '../../domain/repository/repository.ts';
import type { AuditCursor } from '../../ports/audit.ts';
import { notFound } from './answers.ts';
import type { OperationsDeps } from './deps.ts';
import type { Operations } from './operations.ts';

const rowsPerPage = 10;

/** A page of the audit trail, of one repository or of everything. */
export async function listAudit(
  deps: OperationsDeps,
  id: RepositoryId | undefined,
  beside: AuditCursor | undefined,
): ReturnType<Operations['listAudit']> {
  const repository = id === undefined ? undefined : await deps.pipeline.repositories.find(id);
  if (id !== undefined && repository === undefined) return notFound('repository', `${id}`, []);
  const page = await deps.auditPages.listPage({
    limit: rowsPerPage,
    ...(repository === undefined ? {} : { about: repository }),
    ...(beside === undefined ? {} : { beside }),
  });
  return { kind: 'audit', repository: repository?.slug, ...page };
}
