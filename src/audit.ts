import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { systemClock } from './adapters/system-clock.ts';
import { type AuditRequest, parseAuditOptions, usage } from './audit-options.ts';
import { renderAudit } from './audit-output.ts';
import { loadConfig } from './config.ts';
import { buildRedactor } from './domain/redact.ts';
import type { AuditTrail } from './ports/audit-trail.ts';
import { openAuditTrail, StoreNotReadableError } from './store/open-audit-trail.ts';

const exitBadInput = 2;
const exitConfiguration = 78;

async function main(): Promise<number> {
  const parsed = parseAuditOptions(process.argv.slice(2), systemClock.now());
  if (parsed.kind === 'help') {
    process.stdout.write(usage);
    return 0;
  }
  if (parsed.kind === 'problems') {
    process.stderr.write(`${parsed.problems.join('\n')}\n\n${usage}`);
    return exitBadInput;
  }
  const loaded = loadConfig(undefined, undefined, { require: 'audit' });
  if (loaded.kind === 'problems') {
    process.stderr.write(`${loaded.text}\n`);
    return exitConfiguration;
  }
  const { config, secrets } = loaded;
  try {
    const trail = openAuditTrail(join(config.dataDir, 'publisher.db'));
    await write(
      trail,
      parsed.request,
      buildRedactor(() => secrets.all()),
    );
    return 0;
  } catch (error) {
    if (!(error instanceof StoreNotReadableError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return exitBadInput;
  }
}

/** As fast as it is read, and no faster. Whoever reads only the beginning (`| head`) is done, not in error. */
async function write(
  trail: AuditTrail,
  request: AuditRequest,
  redact: (text: string) => string,
): Promise<void> {
  try {
    await pipeline(Readable.from(renderAudit(trail, request, redact)), process.stdout, { end: false });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'EPIPE' && code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}

process.exitCode = await main();
