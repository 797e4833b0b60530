import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { systemClock } from '../../adapters/system/system-clock.ts';
import type { Config, Secrets } from '../../config/load-config.ts';
import { buildRedactor } from '../../domain/text/redact.ts';
import type { AuditTrail } from '../../ports/audit.ts';
import { openAuditTrail, StoreNotReadableError } from '../../store/audit/open-audit-trail.ts';
import { exitBadInput, runTool } from '../run-tool.ts';
import { type AuditRequest, parseAuditOptions, usage } from './audit-options.ts';
import { renderAudit } from './audit-output.ts';

async function printAudit(request: AuditRequest, config: Config, secrets: Secrets): Promise<number> {
  try {
    const trail = openAuditTrail(join(config.dataDir, 'publisher.db'));
    await write(
      trail,
      request,
      buildRedactor(() => secrets.all()),
    );
    return 0;
  } catch (error) {
    if (!(error instanceof StoreNotReadableError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return exitBadInput;
  }
}

/** Writes only as fast as the output is read. A reader that stops early (`| head`) is not an error. */
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

process.exitCode = await runTool({
  usage,
  parse: (args) => parseAuditOptions(args, systemClock.now()),
  require: 'audit',
  run: printAudit,
});
