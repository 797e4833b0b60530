import type { Work } from './lanes.ts';
import type { ScenarioResult } from './rounds.ts';

const columns = [
  'scenario',
  'warm ÷ floor',
  'warm ÷ before',
  'cold ÷ floor',
  'shell ÷ warm',
  'warm work',
  'first work',
  'aims',
] as const;
const leftAligned: readonly string[] = ['scenario', 'warm work', 'first work', 'aims'];

/** Renders ratios only: times belong to one machine, ratios mostly do not. */
export function renderTable(results: readonly ScenarioResult[]): string {
  const rows = [columns, ...results.map(renderRow)];
  const widths = columns.map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, index) =>
        leftAligned.includes(columns[index] ?? '')
          ? cell.padEnd(widths[index] ?? 0)
          : cell.padStart(widths[index] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
  return [lines[0], '-'.repeat(Math.max(...lines.map((line) => line.length))), ...lines.slice(1)].join('\n');
}

function renderRow(result: ScenarioResult): readonly string[] {
  const { scenario, warmOverFloor, warmOverBefore, coldOverFloor, shellOverOurs, work, firstWork } = result;
  return [
    scenario.title,
    ratio(warmOverFloor),
    ratio(warmOverBefore),
    ratio(coldOverFloor),
    ratio(shellOverOurs),
    listWork(work),
    listWork(firstWork),
    listAims(result)
      .map((aim) => aim.text)
      .join('; '),
  ];
}

/** Commands started, requests to the git host, requests to the registry. */
function listWork({ commands, git, registry }: Work): string {
  return `${commands} / ${git} / ${registry}`;
}

export interface Aim {
  readonly isMet: boolean;
  readonly text: string;
}

export function listAims({ scenario, warmOverFloor, shellOverOurs }: ScenarioResult): readonly Aim[] {
  const aims = [judge('floor', `≤ ${scenario.warmAim} ×`, warmOverFloor / scenario.warmAim)];
  if (scenario.shellAim !== undefined) {
    aims.push(judge('shell', `≥ ${scenario.shellAim} ×`, scenario.shellAim / shellOverOurs));
  }
  return aims;
}

/** Judges an aim. `share` is 1 where the aim is just met, and more where it is missed. */
function judge(what: string, wanted: string, share: number): Aim {
  const isMet = share <= 1;
  const text = isMet ? 'met' : `missed by ${Math.ceil((share - 1) * 100)} %`;
  return { isMet, text: `${what} ${wanted} ${text}` };
}

/**
 * Renders where a warm run spends its time, in multiples of the floor; what is in no stage is acceptance, claiming and
 * recording.
 */
export function renderStages(results: readonly ScenarioResult[]): string {
  return results
    .map(({ scenario, warmOverFloor, stagesInFloors, floorStages }) => {
      const inStages = Object.values(stagesInFloors).reduce((sum, share) => sum + share, 0);
      const ours = { ...stagesInFloors, 'between stages': warmOverFloor - inStages };
      return `${scenario.title}\n  floor  ${listShares(floorStages)}\n  ours   ${listShares(ours)}`;
    })
    .join('\n');
}

function listShares(shares: Readonly<Record<string, number>>): string {
  return Object.entries(shares)
    .filter(([, share]) => share >= 0.005)
    .map(([stage, share]) => `${stage} ${share.toFixed(2)}`)
    .join(', ');
}

function ratio(value: number): string {
  return Number.isNaN(value) ? '-' : value.toFixed(value < 10 ? 2 : 1);
}
