import { parseArgs } from 'node:util';
import { parseSlug } from '../../domain/repository/repository.ts';
import type { AuditFilter } from '../../ports/audit.ts';
import { type ParsedArguments, refuseArguments } from '../run-tool.ts';

export const usage = `Tells what was done: every job with its packages, or every row of the audit trail.

  npm run --silent audit -- [--since 7d] [--until 2027-01-31] [--repository owner/name] [--format json|csv] [--rows] [--action a]

  --since       a day (2027-01-31), a time (2027-01-31T08:00:00Z), or so long ago: 12h, 7d, 4w; 7d when left out
  --until       the same; a day is included as a whole; now when left out
  --repository  only what is about this one, its jobs included
  --format      json: one document a line (JSON Lines); csv: one line per package of a job, with a head
  --rows        the rows of the audit trail instead of jobs: who changed what
  --action      only rows of this action (job-finished, owner-set, …); implies --rows

Jobs are chosen by when they were accepted. Rows older than AUDIT_RETENTION_DAYS are not in the database any more but
in DATA_DIR/audit/*.jsonl.gz, one a line, in the same form. Reads beside a running process and changes nothing.
Exit: 0, 2 bad input or no database, 78 bad settings.
`;

const formats = ['json', 'csv'] as const;

export interface AuditRequest {
  readonly filter: AuditFilter & { readonly action?: string };
  readonly format: (typeof formats)[number];
  readonly isOfRows: boolean;
}

/** Parses the arguments; `now` is in epoch milliseconds. Never throws. */
export function parseAuditOptions(args: readonly string[], now: number): ParsedArguments<AuditRequest> {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        since: { type: 'string', default: '7d' },
        until: { type: 'string', default: '' },
        repository: { type: 'string', default: '' },
        action: { type: 'string', default: '' },
        format: { type: 'string', default: 'json' },
        rows: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    return values.help ? { kind: 'help' } : parseValues(values, now);
  } catch (error) {
    return refuseArguments(error);
  }
}

interface Values {
  readonly since: string;
  readonly until: string;
  readonly repository: string;
  readonly action: string;
  readonly format: string;
  readonly rows: boolean;
}

function parseValues(values: Values, now: number): ParsedArguments<AuditRequest> {
  const { repository, action } = values;
  const format = formats.find((known) => known === values.format);
  const problems: string[] = [];
  const slug = repository === '' ? undefined : parseSlug(repository);
  if (repository !== '' && slug === undefined) problems.push('--repository must be owner/name');
  if (format === undefined) problems.push('--format must be json or csv');
  const { since, until } = parsePeriod(values, now, problems);
  if (format === undefined || problems.length > 0) return { kind: 'problems', problems };
  const about = { ...(slug && { repository: slug }), ...(action !== '' && { action }) };
  const isOfRows = values.rows || action !== '';
  const filter = { since, until, ...about };
  return { kind: 'request', request: { filter, format, isOfRows } };
}

const aTime = 'a day (2027-01-31), a time (2027-01-31T08:00:00Z), or 12h, 7d, 4w';

function parsePeriod(values: Values, now: number, problems: string[]): Pick<AuditFilter, 'since' | 'until'> {
  const since = parseTime(values.since, now, 'begin') ?? Number.NaN;
  const until = values.until === '' ? now + 1 : (parseTime(values.until, now, 'end') ?? Number.NaN);
  if (Number.isNaN(since)) problems.push(`--since must be ${aTime}`);
  if (Number.isNaN(until)) problems.push(`--until must be ${aTime}`);
  if (since >= until) problems.push('--since must lie before --until');
  return { since, until };
}

const unitMs: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** Parses a time as epoch milliseconds; a day gives its beginning or its end. */
function parseTime(text: string, now: number, edge: 'begin' | 'end'): number | undefined {
  const [, count, unit = ''] = /^(\d{1,5})([hdw])$/.exec(text) ?? [];
  if (count !== undefined) return now - Number(count) * (unitMs[unit] ?? 0);
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return parseDay(text, edge === 'end' ? 1 : 0);
  if (!/^\d{4}-\d{2}-\d{2}T[\d:.]{5,12}(?:Z|[+-]\d{2}:\d{2})$/.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}

function parseDay(text: string, daysLater: number): number | undefined {
  const at = Date.parse(text);
  // JavaScript reads the 31st of February as a day in March.
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== text) return undefined;
  return at + daysLater * 86_400_000;
}
