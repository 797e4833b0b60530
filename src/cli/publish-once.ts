import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildLogger } from '../adapters/system/pino-log.ts';
import { buildRecentLog } from '../adapters/system/recent-log.ts';
import { systemClock } from '../adapters/system/system-clock.ts';
import { closeParts, openParts } from '../app/open-parts.ts';
import type { AppDeps, Parts } from '../app/parts.ts';
import type { Config, Secrets } from '../config/load-config.ts';
import type { JobReport } from '../domain/job/report.ts';
import { showJob } from '../domain/job/shown-report.ts';
import { parsePackagePath } from '../domain/package/package-path.ts';
import {
  type CommitSha,
  type FixMode,
  fixModes,
  parseCommitSha,
  parseSlug,
  type Slug,
} from '../domain/repository/repository.ts';
import { buildRedactor } from '../domain/text/redact.ts';
import { summarizeFindings } from './findings-summary.ts';
import { runInForeground } from './foreground-job.ts';
import { type ParsedArguments, refuseArguments, runTool } from './run-tool.ts';

const usage = `Publishes one commit and exits: the same pipeline as the service, in the foreground, with its own state.

  npm run publish-once -- --repository owner/name --commit <sha> [--package-path p] [--branch b]… [--fixes staging] [--dry-run]

  --repository    owner/name on GITHUB_SERVER_URL; needs no registration
  --commit        40 hexadecimal digits; must lie on the default branch or a --branch
  --package-path  folder of one package (or its package.json); all packages when left out
  --branch        a further branch, or a pattern such as release/*, that may publish
  --fixes         staging: what needs no judgement is repaired while packing; off when left out
  --dry-run       everything but the upload

Settings: UPM_REGISTRY, NPM_TOKEN, PACKAGE_SCOPES, GITHUB_TOKEN and the others of docs/settings.md, from the environment or .env.
The report goes to stdout as JSON, the log and a summary of what was found to stderr.
Exit: 0 published or nothing to do, 1 something failed, is held or would be blocked, 2 bad input, 78 bad settings.
`;

const exitFailed = 1;

interface Request {
  readonly slug: Slug;
  readonly commit: CommitSha;
  readonly packagePath: string;
  readonly branches: readonly string[];
  readonly fixes: FixMode;
  readonly isDryRun: boolean;
}

type Values = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

function parseCommandLine(args: readonly string[]): ParsedArguments<Request> {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        repository: { type: 'string', default: '' },
        commit: { type: 'string', default: '' },
        'package-path': { type: 'string', default: '' },
        branch: { type: 'string', multiple: true, default: [] },
        fixes: { type: 'string', default: 'off' },
        'dry-run': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    return values.help ? { kind: 'help' } : parseValues(values);
  } catch (error) {
    return refuseArguments(error);
  }
}

function parseValues(values: Values): ParsedArguments<Request> {
  const slug = parseSlug(String(values['repository']));
  const commit = parseCommitSha(String(values['commit']));
  const path = parsePackagePath(String(values['package-path']));
  const problems: string[] = [];
  if (slug === undefined) problems.push('--repository must be owner/name');
  if (commit === undefined) problems.push('--commit must be 40 hexadecimal digits');
  if (path.kind === 'escapes') problems.push('--package-path must stay inside the repository');
  const fixes = fixModes.find((known) => known === values['fixes']);
  if (fixes === undefined) problems.push(`--fixes must be ${fixModes.join(' or ')}`);
  if (slug === undefined || commit === undefined || path.kind === 'escapes' || fixes === undefined) {
    return { kind: 'problems', problems };
  }
  const branches = [values['branch']].flat().map(String);
  const isDryRun = values['dry-run'] === true;
  return { kind: 'request', request: { slug, commit, packagePath: path.path, branches, fixes, isDryRun } };
}

async function publish(request: Request, config: Config, secrets: Secrets): Promise<number> {
  const redact = buildRedactor(() => secrets.all());
  const lines = buildLogger({ level: config.logLevel, redact, pretty: process.stderr.isTTY, fd: 2 });
  const logger = buildRecentLog(lines, redact, () => systemClock.now());
  const folder = await mkdtemp(join(tmpdir(), 'publish-once-'));
  const deps: AppDeps = {
    config: { ...config, dataDir: folder },
    secrets,
    clock: systemClock,
    logger,
    redact,
  };
  const parts = await openParts(deps);
  try {
    const report = await publishOnce(parts, config, request);
    process.stdout.write(`${redact(JSON.stringify(showJob(report), undefined, 2))}\n`);
    process.stderr.write(redact(summarizeFindings(report.packages)));
    return isGood(report) ? 0 : exitFailed;
  } finally {
    await closeParts(parts);
    await rm(folder, { recursive: true, force: true });
  }
}

/** Returns false when versions are held: only a process that stays running can publish them later. */
function isGood({ packages, status }: JobReport): boolean {
  const isHeld = packages.some(({ outcome }) => outcome === 'held');
  return !isHeld && ['published', 'nothing-to-publish', 'shadowed'].includes(status);
}

async function publishOnce(parts: Parts, config: Config, request: Request): Promise<JobReport> {
  const { repositories } = parts.store;
  const mode = request.isDryRun ? 'shadow' : config.publishMode;
  const { slug, branches, fixes } = request;
  await repositories.addUnknown([{ slug, status: 'active', mode, branches, fixes }]);
  const repository = await repositories.findBySlug(request.slug);
  if (repository === undefined) throw new Error('the repository was not stored');
  const { commit, packagePath } = request;
  return runInForeground(parts, config, { repository, commit, packagePath, requestedBy: 'publish-once' });
}

process.exitCode = await runTool({ usage, parse: parseCommandLine, require: 'publish-once', run: publish });
