import type { LogFields, Logger } from '../../ports/logger.ts';

export interface RecentLog extends Logger {
  /** The last lines about this job, redacted, oldest first. */
  ofJob(job: number): readonly string[];
}

const linesKept = 5_000;
const linesOfJob = 30;
const lineMax = 300;

interface Line {
  readonly job: number;
  readonly text: string;
}

/** Passes every line on, and keeps the last lines about jobs in memory. */
export function buildRecentLog(
  logger: Logger,
  redact: (text: string) => string,
  now: () => number,
): RecentLog {
  const kept: Line[] = [];
  const keep = (message: string, fields: LogFields = {}): void => {
    const { job, ...rest } = fields;
    if (typeof job !== 'number') return;
    const known = Object.entries(rest).filter(([, value]) => value !== undefined);
    const facts = known.map(([key, value]) => `${key}=${wordValue(value)}`);
    const line = [new Date(now()).toISOString().slice(11, 19), message, ...facts].join(' ');
    kept.push({ job, text: redact(line).slice(0, lineMax) });
    if (kept.length > linesKept) kept.splice(0, kept.length - linesKept);
  };
  const pass =
    (level: keyof Logger) =>
    (message: string, fields?: LogFields): void => {
      keep(message, fields);
      logger[level](message, fields);
    };
  return {
    debug: pass('debug'),
    info: pass('info'),
    warn: pass('warn'),
    error: pass('error'),
    ofJob: (job) =>
      kept
        .filter((line) => line.job === job)
        .map((line) => line.text)
        .slice(-linesOfJob),
  };
}

function wordValue(value: unknown): string {
  if (value instanceof Error) return value.message;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
