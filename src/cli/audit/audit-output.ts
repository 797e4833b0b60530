import { describeAuditedJob, isoTime } from '../../domain/job/audited-job.ts';
import { auditedJobColumns, toJobLines } from '../../domain/job/audited-job-csv.ts';
import { toCsvLine } from '../../domain/text/csv.ts';
import type { AuditTrail, NumberedEntry } from '../../ports/audit.ts';
import type { AuditRequest } from './audit-options.ts';

/** Renders the audit trail in chunks of whole, redacted lines. */
export async function* renderAudit(
  trail: AuditTrail,
  request: AuditRequest,
  redact: (text: string) => string,
): AsyncGenerator<string> {
  const lines = request.isOfRows ? writeRows(trail, request) : writeJobs(trail, request);
  let chunk = '';
  for await (const line of lines) {
    chunk += line;
    // Writing line by line would take most of the time.
    if (chunk.length < chunkChars) continue;
    yield redact(chunk);
    chunk = '';
  }
  yield redact(chunk);
}

const chunkChars = 64 * 1024;

async function* writeJobs(trail: AuditTrail, { filter, format }: AuditRequest): AsyncGenerator<string> {
  if (format === 'csv') yield toCsvLine(auditedJobColumns);
  for await (const job of trail.streamJobs(filter)) {
    if (format === 'csv') yield* toJobLines(job);
    else yield `${JSON.stringify(describeAuditedJob(job))}\n`;
  }
}

const rowColumns = ['id', 'time', 'action', 'actor', 'subject', 'facts'];

async function* writeRows(trail: AuditTrail, { filter, format }: AuditRequest): AsyncGenerator<string> {
  if (format === 'csv') yield toCsvLine(rowColumns);
  for await (const entry of trail.streamEntries(filter)) {
    yield format === 'csv' ? toRowLine(entry) : `${JSON.stringify(toDocument(entry))}\n`;
  }
}

function toDocument({ id, at, action, actor, subject, facts }: NumberedEntry): object {
  return { id, time: isoTime(at), action, actor, subject, facts };
}

function toRowLine({ id, at, action, actor, subject, facts }: NumberedEntry): string {
  return toCsvLine([id, isoTime(at), action, actor, subject, JSON.stringify(facts)]);
}
