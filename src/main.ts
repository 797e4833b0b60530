import closeWithGrace from 'close-with-grace';
import { buildLogger } from './adapters/system/pino-log.ts';
import { buildRecentLog } from './adapters/system/recent-log.ts';
import { buildSteadyClock } from './adapters/system/steady-clock.ts';
import { systemClock } from './adapters/system/system-clock.ts';
import { startApp } from './app/app.ts';
import { loadConfig } from './config/load-config.ts';
import { buildRedactor } from './domain/text/redact.ts';
import { BackupFailedError, StoreDamagedError, StoreLockedError } from './store/store.ts';

/** sysexits.h: a temporary failure (somebody else holds the data), and a configuration error. */
const exitLocked = 75;
const exitConfiguration = 78;
const shutdownMs = 24_000;
/** Nothing that is still done could be written down. */
const damagedShutdownMs = 5_000;

async function main(): Promise<void> {
  const loaded = loadConfig();
  if (loaded.kind === 'problems') {
    process.stderr.write(`${loaded.text}\n`);
    process.exitCode = exitConfiguration;
    return;
  }
  const { config, secrets } = loaded;
  const redact = buildRedactor(() => secrets.all());
  const lines = buildLogger({ level: config.logLevel, redact, pretty: process.stdout.isTTY });
  const logger = buildRecentLog(lines, redact, () => systemClock.now());
  const deps = { config, secrets, clock: buildSteadyClock(systemClock), logger, redact };
  const damaged = Promise.withResolvers<StoreDamagedError>();
  const starting = startApp(deps, damaged.resolve);
  // Installed before it runs: a signal during the start waits for its end, and is not the end of the process.
  const grace = closeWithGrace({ delay: shutdownMs, logger: false }, async ({ err, signal }) => {
    if (err !== undefined) logger.error('stopping after an unexpected error', { error: err });
    else logger.info('stopping', { signal });
    const app = await starting.catch(() => undefined);
    await app?.stop();
  });
  void damaged.promise.then(async (error) => {
    grace.uninstall();
    logger.error('stopping: the database is damaged', { error });
    const stopped = starting.then(async (app) => app.stop()).catch(() => undefined);
    await Promise.race([stopped, systemClock.sleep(damagedShutdownMs)]);
    process.exit(exitConfiguration);
  });
  try {
    await starting;
  } catch (error) {
    logger.error('could not start', { error });
    process.exitCode = error instanceof StoreLockedError ? exitLocked : exitCodeFor(error);
    process.exit();
  }
}

function exitCodeFor(error: unknown): number {
  return error instanceof StoreDamagedError || error instanceof BackupFailedError ? exitConfiguration : 1;
}

await main();
