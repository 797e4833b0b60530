import { pino } from 'pino';
import type { LogFields, Logger } from '../../ports/logger.ts';

export interface LogOptions {
  /** A level name of pino. */
  readonly level: string;
  readonly redact: (text: string) => string;
  /** Formats for a terminal; needs pino-pretty, which is missing in an image without development packages. */
  readonly pretty: boolean;
  /** File descriptor: 1 is stdout, 2 is stderr. */
  readonly fd?: 1 | 2;
}

/** Writes JSON lines synchronously, so that a killed process loses none. Every string passes the redactor. */
export function buildLogger(options: LogOptions): Logger {
  const fd = options.fd ?? 1;
  const target = options.pretty ? findPretty(fd) : undefined;
  const sink = pino.destination({ fd, sync: true });
  const out = target ?? sink;
  const log = pino(
    { level: options.level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    { write: (line: string) => void out.write(options.redact(line)) },
  );
  return {
    debug: (message, fields) => log.debug(flatten(fields), message),
    info: (message, fields) => log.info(flatten(fields), message),
    warn: (message, fields) => log.warn(flatten(fields), message),
    error: (message, fields) => log.error(flatten(fields), message),
  };
}

interface Sink {
  write(line: string): unknown;
}

function findPretty(fd: 1 | 2): Sink | undefined {
  try {
    return pino.transport({
      target: 'pino-pretty',
      options: { destination: fd, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss' },
    }) as Sink;
  } catch {
    return undefined;
  }
}

/** Expands errors under any key, with their cause and code, which JSON would otherwise lose. */
function flatten(fields: LogFields | undefined): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields ?? {}).map(([key, value]) => [
      key,
      value instanceof Error ? describe(value) : value,
    ]),
  );
}

function describe(error: Error): Record<string, unknown> {
  const { cause } = error;
  return {
    name: error.name,
    message: error.message,
    stack: error.stack,
    ...('code' in error ? { code: error.code } : {}),
    ...(cause instanceof Error ? { cause: describe(cause) } : {}),
  };
}
