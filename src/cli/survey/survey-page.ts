import type { Finding } from '../../domain/job/report.ts';
import type {
  ContestedName,
  Obstacle,
  Survey,
  SurveyedPackage,
  SurveyedRepository,
} from '../../publisher/watch/survey/survey.ts';

const style = `
:root { color-scheme: light dark; --line: #8884; --bad: #c62828; --soft: #8886; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin-top: 2rem; } h3 { font-size: 1rem; margin: 1.5rem 0 .3rem; }
table { border-collapse: collapse; width: 100%; table-layout: fixed; } th:nth-child(1) { width: 24%; } th:nth-child(2), th:nth-child(3) { width: 9%; } th:nth-child(4) { width: 20%; } th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
th { font-weight: 600; } small { opacity: .75; } .bad { color: var(--bad); font-weight: 600; } ul { margin: .2rem 0; padding-left: 1.2rem; }
.numbers { display: flex; flex-wrap: wrap; gap: .5rem; list-style: none; padding: 0; } .numbers li { border: 1px solid var(--line); border-radius: .5rem; padding: .4rem .8rem; } .numbers b { display: block; font-size: 1.4rem; }
@media (prefers-color-scheme: dark) { :root { --bad: #ff8a80; } }
@media (max-width: 40rem) { thead { display: none; } tr { display: block; border-top: 1px solid var(--line); padding: .4rem 0; } td { display: block; border: 0; padding: 0; } td[data-label]::before { content: attr(data-label) ': '; opacity: .75; } }
@media print { body { max-width: none; } h3, tr { break-inside: avoid; } }
`;

/** Renders one page without scripts or external resources; texts from repositories and the registry are escaped. */
export function renderSurvey(survey: Survey): string {
  const { at, registry, repositories, scopes } = survey;
  const title =
    repositories.length === 1 ? 'Survey of one repository' : `Survey of ${repositories.length} repositories`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<h1>${title}</h1>
<p>Against ${inert(registry)}, scopes ${inert(scopes.join(', '))}, ${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC. Nothing was sent or changed.</p>
${renderNumbers(survey)}
<h2>To decide first</h2>
${renderDecisions(survey)}
<h2>Repositories</h2>
${repositories.map(renderRepository).join('\n')}
</body>
</html>
`;
}

const hostile: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
/** Control characters, text-direction overrides and other invisible characters. */
const invisible = /[\p{Cc}\u200B-\u200F\u202A-\u202E\u2060-\u2069\u061C\uFEFF]/gu;

function inert(text: string): string {
  const plain = text.toWellFormed().replaceAll(/\s+/g, ' ').replaceAll(invisible, '');
  return plain.replaceAll(/[&<>"']/g, (character) => hostile[character] ?? '');
}

function renderNumbers({ repositories, contested }: Survey): string {
  const packages = repositories.flatMap((item) => item.packages);
  const count = (fits: (item: SurveyedPackage) => boolean): number => packages.filter(fits).length;
  const numbers: readonly (readonly [number, string])[] = [
    [count(({ drift }) => drift !== 'excluded'), 'packages'],
    [count(({ drift }) => drift === 'equal'), 'as on the registry'],
    [count(({ drift }) => drift === 'ahead' || drift === 'never-published'), 'not published'],
    [count(({ drift }) => drift === 'behind'), 'behind the registry'],
    [count(isStopped), 'whose next version is stopped'],
    [count(({ drift }) => drift === 'excluded'), 'excluded'],
    [contested.length, 'contested names'],
    [repositories.filter(({ problem }) => problem !== null).length, 'repositories not readable'],
  ];
  const items = numbers.map(([number, text]) => `<li><b>${number}</b>${text}</li>`);
  return `<ul class="numbers">${items.join('')}</ul>`;
}

function isStopped({ blocking, failure }: SurveyedPackage): boolean {
  return blocking.length > 0 || failure !== null;
}

function renderDecisions({ badEntries, contested, otherScopes, repositories }: Survey): string {
  const unreadable = repositories.flatMap(({ problem, repository }) =>
    problem === null ? [] : [`<b>${inert(repository)}</b>: ${renderObstacle(problem)}`],
  );
  const parts = [
    ...badEntries.map((entry) => `Entry of the file that cannot be used: ${inert(entry)}`),
    ...unreadable,
    ...contested.map(renderContested),
    ...otherScopes.map(renderScope),
  ];
  if (parts.length === 0)
    return '<p>Nothing: every repository can be read, and every name has one owner.</p>';
  return `<ul>${parts.map((part) => `<li>${part}</li>`).join('\n')}</ul>`;
}

function renderContested({ holders, name, suggestedOwner }: ContestedName): string {
  const remedy = `Name its owner; the facts speak for ${inert(suggestedOwner)}.`;
  return `<b>${inert(name)}</b> stands in ${inert(holders.join(', '))}. <small>→ ${remedy}</small>`;
}

function renderScope({ packages, scope }: Survey['otherScopes'][number]): string {
  const many = packages === 1 ? '1 package is' : `${packages} packages are`;
  const remedy = 'Add the scope if they are yours to publish.';
  return `${many} outside of PACKAGE_SCOPES, under <b>${inert(scope)}</b>. <small>→ ${remedy}</small>`;
}

function renderRepository(item: SurveyedRepository): string {
  const { packages, problem } = item;
  const trouble = problem === null ? '' : `<p>${renderObstacle(problem)}</p>`;
  if (packages.length === 0)
    return `${renderHead(item)}${trouble}<p><small>No package was found.</small></p>`;
  const rows = packages.map(renderPackage).join('\n');
  return `${renderHead(item)}${trouble}
<table><thead><tr><th>Package</th><th>Here</th><th>Registry</th><th>State</th><th>Next version</th></tr></thead>
<tbody>${rows}</tbody></table>`;
}

function renderHead({ branch, commit, repository, status }: SurveyedRepository): string {
  const at = commit === null ? '' : ` · ${inert(branch ?? '')} at ${inert(commit.slice(0, 7))}`;
  return `<h3>${inert(repository)} <small>${inert(status)}${at}</small></h3>`;
}

function renderPackage(item: SurveyedPackage): string {
  const { detail, drift, latest, name, path, version } = item;
  const why = detail === null ? '' : `<br><small>${inert(detail)}</small>`;
  return `<tr><td><b>${inert(name)}</b><br><small>${inert(path === '' ? '(root)' : path)}</small></td><td data-label="Here">${inert(version ?? '–')}</td><td data-label="Registry">${inert(latest ?? '–')}</td><td data-label="State">${drift.replaceAll('-', ' ')}${why}</td><td data-label="Next version">${renderNext(item)}</td></tr>`;
}

const findingsShown = 20;

function renderNext({ blocking, drift, failure, warnings }: SurveyedPackage): string {
  if (drift === 'excluded') return '–';
  const all = [...blocking, ...warnings];
  const stop = failure === null || blocking.length > 0 ? '' : renderObstacle(failure);
  if (all.length === 0) return stop === '' ? 'nothing against it' : stop;
  const shown = all.slice(0, findingsShown).map(renderFinding);
  const more = all.length > shown.length ? `<li>+ ${all.length - shown.length} more</li>` : '';
  return `${stop}<ul>${shown.join('')}${more}</ul>`;
}

function renderObstacle({ remedy, title }: Obstacle): string {
  return `<span class="bad">${inert(title)}</span> <small>→ ${inert(remedy)}</small>`;
}

function renderFinding({ file, message, rule, severity }: Finding): string {
  const where = file === undefined ? '' : `${inert(file)}: `;
  const kind = severity === 'block' ? ' class="bad"' : '';
  return `<li><span${kind}>${inert(rule)}</span> ${where}${inert(message)}</li>`;
}
