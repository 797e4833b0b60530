import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type AuditBench, measureAudit, renderAudit } from './audit.ts';
import { type BotResult, measureBot, renderBot } from './bot.ts';
import { type CatalogResult, measureCatalog, renderCatalog } from './catalog.ts';
import { openBuild } from './contender.ts';
import { measurePreflight, type PreflightResult, renderPreflight } from './preflight.ts';
import { type Counts, runScenario, type ScenarioResult } from './rounds.ts';
import { listScenarios, type Scenario, scenarioNames } from './scenarios.ts';
import { listAims, renderStages, renderTable } from './table.ts';

const help = `How long from a dispatch to a verified package, as ratios.

  npm run bench -- [options]

  --quick            fewer rounds and a smaller large repository
  --only <scenario>  ${scenarioNames.join(' | ')} | catalog | bot | preflight | audit (may be repeated)
  --against <ref>    another state of this project, such as a commit: measured in turn with this one
  --json <file>      where the results go (bench/results/latest.json)
  --help

Compared in the same run, in turn, on the same git host and registry:
  (a time ends when the publish is announced; work: commands started / requests to the git host / to the registry)
  warm   a further bump in a process that knows the repository
  cold   the first dispatch of a process with an empty data folder
  floor  the least that publishing takes, without a single check: git fetch, read, tar.gz in memory, one PUT, one GET
  shell  git clone --depth 1, npm view (of every package), npm publish, npm view
Aims: warm at most 2 floors; the shell sequence at least 10 times as long for the small package and 40 times for one
bump among 50.
catalog: /unpublished over 127, 1,000 and 10,000 packages (without the last with --quick), at first sight and when nothing
changed, beside \`npm view\` of each package (from a sample). Aims for 10,000 unchanged ones: 5 s, 200 MB, completing a
name within 100 ms.
preflight: the whole rule book over a package of 10,000 files, beside reading them. Aim: 2 s.
bot: how soon an interaction is acknowledged while 50 publishes run (aim: p99 below 1 s), by 40 people at once, and how
soon a name is completed among 10,000 packages (aim: p99 below 100 ms).
audit: every query behind a command or a completion among 1,000,000 audit rows and 100,000 jobs (aim: p99 at most 60 ms). The exit code does not depend on them.
`;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    against: { type: 'string' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

async function main(): Promise<number> {
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const names: readonly string[] = [...scenarioNames, 'catalog', 'bot', 'preflight', 'audit'];
  const unknown = values.only.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    process.stderr.write(`There is no scenario ${unknown.join(', ')}: ${names.join(', ')}\n`);
    return 64;
  }
  const counts: Counts = values.quick ? { warm: 3, cold: 1, shell: 1 } : { warm: 9, cold: 3, shell: 3 };
  const chosen = listScenarios(values.quick ? 50 : 500).filter(
    (scenario) => values.only.length === 0 || values.only.includes(scenario.name),
  );
  const results = await measureScenarios(chosen, counts);
  const catalog = await measureCatalogs();
  const bot = isChosen('bot') ? await measureBot() : undefined;
  if (isChosen('preflight')) showProgress('rule book');
  const preflight = isChosen('preflight') ? await measurePreflight() : undefined;
  const audit = isChosen('audit') ? await measureAudit() : undefined;
  showProgress('');
  return report({ results, counts, catalog, bot, preflight, audit });
}

async function measureScenarios(
  chosen: readonly Scenario[],
  counts: Counts,
): Promise<readonly ScenarioResult[]> {
  const results: ScenarioResult[] = [];
  const before = values.against === undefined ? undefined : await openBuild(values.against);
  try {
    for (const scenario of chosen) results.push(await runScenario(scenario, counts, showProgress, before));
  } finally {
    await before?.remove();
  }
  return results;
}

interface Measured {
  readonly results: readonly ScenarioResult[];
  readonly counts: Counts;
  readonly catalog: readonly CatalogResult[];
  readonly bot: BotResult | undefined;
  readonly preflight: PreflightResult | undefined;
  readonly audit: AuditBench | undefined;
}

async function report({ results, counts, catalog, bot, preflight, audit }: Measured): Promise<number> {
  const file = values.json ?? fileURLToPath(new URL('results/latest.json', import.meta.url));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(
    file,
    `${JSON.stringify({ ...toJson(results, counts), catalog, bot, preflight, audit }, null, 2)}\n`,
  );
  if (results.length > 0) {
    process.stdout.write(`${renderTable(results)}\n\n`);
    process.stdout.write(`Where the warm time goes, in floors\n${renderStages(results)}\n\n`);
  }
  if (catalog.length > 0) process.stdout.write(`/unpublished\n${renderCatalog(catalog)}\n\n`);
  if (bot !== undefined) process.stdout.write(`The bot\n${renderBot(bot)}\n\n`);
  if (preflight !== undefined) process.stdout.write(`The rule book\n${renderPreflight(preflight)}\n\n`);
  if (audit !== undefined) process.stdout.write(`Among a million audit rows\n${renderAudit(audit)}\n\n`);
  process.stdout.write(`${relative('', file)}\n`);
  return 0;
}

async function measureCatalogs(): Promise<readonly CatalogResult[]> {
  if (!isChosen('catalog')) return [];
  const results: CatalogResult[] = [];
  for (const packages of values.quick ? [127, 1_000] : [127, 1_000, 10_000]) {
    showProgress(`catalog of ${packages} packages`);
    results.push(await measureCatalog(packages));
  }
  return results;
}

function isChosen(name: string): boolean {
  return values.only.length === 0 || values.only.includes(name);
}

function toJson(results: readonly ScenarioResult[], counts: Counts): object {
  return {
    rounds: counts,
    scenarios: results.map((result) => {
      const { scenario, ...ratios } = result;
      return { name: scenario.name, title: scenario.title, ...ratios, aims: listAims(result) };
    }),
  };
}

function showProgress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
  else if (text !== '') process.stderr.write(`${text}\n`);
}

process.exitCode = await main();
