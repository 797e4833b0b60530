import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildLogger } from '../../adapters/system/pino-log.ts';
import { buildRecentLog } from '../../adapters/system/recent-log.ts';
import { systemClock } from '../../adapters/system/system-clock.ts';
import { openCache } from '../../app/open-core.ts';
import { closeParts, openParts } from '../../app/open-parts.ts';
import { openPrepare } from '../../app/open-pipeline.ts';
import type { AppDeps, Parts } from '../../app/parts.ts';
import type { Config, Secrets } from '../../config/load-config.ts';
import { type ParsedRepositories, readRepositoriesFile } from '../../config/repositories-file.ts';
import { buildRedactor } from '../../domain/text/redact.ts';
import { buildDryHalf } from '../../publisher/dispatch/dry-half.ts';
import type { TrialReader } from '../../publisher/judge/deps.ts';
import type { PipelineHalves } from '../../publisher/queue/run-job.ts';
import type { Survey } from '../../publisher/watch/survey/survey.ts';
import { takeSurvey } from '../../publisher/watch/survey/take-survey.ts';
import { runInForeground } from '../foreground-job.ts';
import { exitBadInput, type ParsedArguments, refuseArguments, runTool } from '../run-tool.ts';
import { renderSurvey } from './survey-page.ts';

const usage = `Looks at every repository of a list and says what is to decide before they publish through this service. Reads only:
nothing is sent to the registry or to a repository, and the service's own data is not touched.

  npm run survey -- --repositories-file <file> [--out survey.html] [--format html|json]

  --repositories-file  JSON {"repositories":[{"url","status"}]}, as REPOSITORIES_FILE takes it
  --out                where the page goes; survey.html when left out, - for stdout
  --format             html (one page, to read and to print) or json

Settings: UPM_REGISTRY, NPM_TOKEN, PACKAGE_SCOPES, GITHUB_TOKEN and the others of docs/settings.md, from the environment or .env.
Progress goes to stderr.
Exit: 0 everything could be read, 1 something could not, 2 bad input, 78 bad settings.
`;

const exitIncomplete = 1;

interface Request {
  readonly file: string;
  readonly out: string;
  readonly format: 'html' | 'json';
}

function parseCommandLine(args: readonly string[]): ParsedArguments<Request> {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        'repositories-file': { type: 'string', default: '' },
        out: { type: 'string' },
        format: { type: 'string', default: 'html' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) return { kind: 'help' };
    const { format, 'repositories-file': file, out = `survey.${format}` } = values;
    if (format !== 'html' && format !== 'json')
      return { kind: 'problems', problems: ['--format is html or json'] };
    if (!existsSync(file)) return { kind: 'problems', problems: ['--repositories-file must name a file'] };
    return { kind: 'request', request: { file, out, format } };
  } catch (error) {
    return refuseArguments(error);
  }
}

async function survey(request: Request, config: Config, secrets: Secrets): Promise<number> {
  const { file, ...how } = request;
  const owners = config.githubOwners.length > 0 ? config.githubOwners : undefined;
  const listed = readRepositoriesFile(resolve(file), { owners, scopes: config.packageScopes });
  if (listed.entries.length === 0) {
    process.stderr.write(`${file}: ${listed.problems.join('; ') || 'lists no repository'}\n`);
    return exitBadInput;
  }
  const found = await surveyAll(config, secrets, listed);
  await write(
    found,
    how,
    buildRedactor(() => secrets.all()),
  );
  const isReadable = found.repositories.every(({ problem }) => problem === null);
  return isReadable && found.badEntries.length === 0 ? 0 : exitIncomplete;
}

async function write(
  survey: Survey,
  { format, out }: Pick<Request, 'format' | 'out'>,
  redact: (text: string) => string,
): Promise<void> {
  const text = redact(format === 'html' ? renderSurvey(survey) : `${JSON.stringify(survey, undefined, 2)}\n`);
  if (out === '-') {
    process.stdout.write(text);
    return;
  }
  await writeFile(out, text);
  process.stderr.write(`Written to ${out}\n`);
}

/** Surveys with a temporary database, which is deleted afterwards. */
async function surveyAll(config: Config, secrets: Secrets, listed: ParsedRepositories): Promise<Survey> {
  const redact = buildRedactor(() => secrets.all());
  const lines = buildLogger({ level: 'error', redact, pretty: process.stderr.isTTY, fd: 2 });
  const folder = await mkdtemp(join(tmpdir(), 'survey-'));
  const deps: AppDeps = {
    // No model is asked to word changelogs that are never published.
    config: { ...config, dataDir: folder },
    secrets: { ...secrets, geminiKey: () => undefined },
    clock: systemClock,
    logger: buildRecentLog(lines, redact, () => systemClock.now()),
    redact,
  };
  const parts = await openParts(deps);
  try {
    // Every entry is surveyed whatever its status; shadow mode ensures that nothing is sent.
    const entries = listed.entries.map((entry) => ({ ...entry, status: 'active', mode: 'shadow' }) as const);
    await parts.store.repositories.addUnknown(entries);
    const survey = await askAll(deps, parts);
    const statuses = new Map(listed.entries.map(({ slug, status }) => [slug.toLowerCase(), status]));
    const repositories = survey.repositories.map((item) => ({
      ...item,
      status: statuses.get(item.repository.toLowerCase()) ?? item.status,
    }));
    const at = systemClock.now();
    return { ...survey, repositories, at, registry: config.registryUrl, badEntries: listed.problems };
  } finally {
    await closeParts(parts);
    await rm(folder, { recursive: true, force: true });
  }
}

async function askAll(deps: AppDeps, parts: Parts): ReturnType<typeof takeSurvey> {
  return takeSurvey(
    {
      cache: { ...openCache(deps, parts), isShadow: true },
      judge: async (repository, commit, trial) => {
        const halves = openSurveyHalves(parts, trial);
        const asked = { packagePath: '', everything: true, requestedBy: 'survey' };
        return runInForeground(parts, deps.config, { repository, commit, halves, ...asked });
      },
      onProgress: (text) => process.stderr.write(`${text}\n`),
    },
    new AbortController().signal,
  );
}

/** Prepares as a job in shadow mode would, and writes its report only. */
function openSurveyHalves({ pipeline }: Parts, trial: TrialReader): PipelineHalves {
  const { jobLog, workspace } = pipeline;
  const prepare = openPrepare(pipeline);
  return {
    prepare: { ...prepare, judge: { ...prepare.judge, trial } },
    commit: ({ job }) =>
      buildDryHalf(workspace, {
        planned: async (results) => jobLog.savePackages(job, results),
        settled: async (result) => jobLog.savePackages(job, [result]),
      }),
  };
}

process.exitCode = await runTool({ usage, parse: parseCommandLine, require: 'publish-once', run: survey });
