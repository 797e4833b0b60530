import type { DayStatistics } from '../../../domain/announcement/day-statistics.ts';
import { countScale, durationScale, type Scale } from './scale.ts';
import { label, tag } from './svg.ts';

const width = 720;
const height = 588;
const left = 98;
const right = width - 20;
const counts = { top: 78, bottom: 258 } as const;
const times = { top: 376, bottom: 534 } as const;
const fontSize = 20;

/**
 * Colours that the colour-blind can tell apart (after Okabe and Ito); shapes and hatching differ as well. The
 * background is fixed, so that the picture reads the same in dark and light clients.
 */
const paint = {
  ground: '#2b2d31',
  text: '#f2f3f5',
  faint: '#c4c9ce',
  grid: '#4e5058',
  published: '#56b4e9',
  failed: '#e69f00',
  median: '#f2f3f5',
  slowest: '#e69f00',
} as const;

/**
 * Draws publishes, failures and durations of some days as an SVG in the font DejaVu Sans. The same days give the same
 * text.
 */
export function drawDays(days: readonly DayStatistics[]): string {
  const slot = (right - left) / Math.max(days.length, 1);
  const middle = (index: number): number => left + (index + 0.5) * slot;
  const versions = countScale(Math.max(0, ...days.map((day) => day.published + day.failed)), counts);
  const durations = durationScale(Math.max(0, ...days.map((day) => day.slowestMs ?? 0)), times);
  return tag(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      'font-family': 'DejaVu Sans',
      'font-size': fontSize,
      fill: paint.text,
    },
    [
      hatching,
      tag('rect', { width, height, rx: 12, fill: paint.ground }),
      ...drawHead('Versions a day', counts.top, [
        ['published', 'plain'],
        ['failed', 'hatched'],
      ]),
      ...drawAxis(versions),
      ...days.flatMap((day, index) => drawBar(day, middle(index), slot * 0.68, versions)),
      ...drawHead('Time of a publish', times.top, [
        ['median', 'line'],
        ['slowest', 'triangle'],
      ]),
      ...drawAxis(durations),
      ...drawTimes(days, middle, durations),
      ...drawDates(days, middle),
    ],
  );
}

const hatching = tag('defs', {}, [
  tag(
    'pattern',
    {
      id: 'hatched',
      width: 8,
      height: 8,
      patternUnits: 'userSpaceOnUse',
      patternTransform: 'rotate(45)',
    },
    [
      tag('rect', { width: 8, height: 8, fill: paint.failed }),
      tag('rect', { width: 3, height: 8, fill: paint.ground }),
    ],
  ),
]);

type Sample = 'plain' | 'hatched' | 'line' | 'triangle';

/** Draws the title of a panel and the legend of its marks. */
function drawHead(
  title: string,
  top: number,
  legend: readonly (readonly [string, Sample])[],
): readonly string[] {
  const y = top - 30;
  const entries = legend.flatMap(([words, sample], index) => {
    const x = right - (legend.length - index) * 150 + 20;
    return [
      drawSample(sample, x, y - 7),
      label(words, { x: x + 32, y, fill: paint.faint, 'font-size': fontSize }),
    ];
  });
  return [label(title, { x: left, y, 'font-weight': 'bold', 'font-size': 22 }), ...entries];
}

function drawSample(sample: Sample, x: number, y: number): string {
  switch (sample) {
    case 'plain':
      return tag('rect', { x, y: y - 9, width: 22, height: 18, fill: paint.published });
    case 'hatched':
      return tag('rect', { x, y: y - 9, width: 22, height: 18, fill: 'url(#hatched)' });
    case 'line':
      return tag('g', {}, [
        tag('path', { d: `M${x} ${y}h24`, stroke: paint.median, 'stroke-width': 3 }),
        drawDot(x + 12, y),
      ]);
    case 'triangle':
      return drawTriangle(x + 12, y);
  }
}

function drawAxis({ ticks, y }: Scale): readonly string[] {
  return ticks.flatMap(({ value, label: words }) => [
    tag('path', { d: `M${left} ${y(value)}H${right}`, stroke: paint.grid, 'stroke-width': 1 }),
    label(words, { x: left - 14, y: y(value) + 7, 'text-anchor': 'end', fill: paint.faint }),
  ]);
}

function drawBar(day: DayStatistics, x: number, wide: number, { y }: Scale): readonly string[] {
  const [base, edge, top] = [y(0), y(day.published), y(day.published + day.failed)];
  const box = { x: x - wide / 2, width: wide };
  return [
    ...(day.published > 0
      ? [tag('rect', { ...box, y: edge, height: base - edge, fill: paint.published })]
      : []),
    ...(day.failed > 0
      ? [
          tag('rect', {
            ...box,
            y: top,
            height: edge - top,
            fill: 'url(#hatched)',
            stroke: paint.failed,
            'stroke-width': 1.5,
          }),
        ]
      : []),
  ];
}

function drawTimes(
  days: readonly DayStatistics[],
  middle: (index: number) => number,
  { y }: Scale,
): readonly string[] {
  const known = days.flatMap(({ medianMs }, index) =>
    medianMs === undefined ? [] : [{ x: middle(index), y: y(medianMs) }],
  );
  if (known.length === 0) {
    const centre = { x: (left + right) / 2, y: (times.top + times.bottom) / 2 };
    return [label('nothing was published', { ...centre, 'text-anchor': 'middle', fill: paint.faint })];
  }
  const line = known.map((point, index) => `${index === 0 ? 'M' : 'L'}${point.x} ${point.y}`).join('');
  const slowest = days.flatMap(({ slowestMs }, index) =>
    slowestMs === undefined ? [] : [drawTriangle(middle(index), y(slowestMs))],
  );
  return [
    tag('path', { d: line, fill: 'none', stroke: paint.median, 'stroke-width': 2.5 }),
    ...slowest,
    ...known.map((point) => drawDot(point.x, point.y)),
  ];
}

function drawDot(x: number, y: number): string {
  return tag('circle', { cx: x, cy: y, r: 5, fill: paint.median, stroke: paint.ground, 'stroke-width': 1.5 });
}

function drawTriangle(x: number, y: number): string {
  return tag('path', {
    d: `M${x} ${y - 7}l7.5 13h-15z`,
    fill: paint.slowest,
    stroke: paint.ground,
    'stroke-width': 1.5,
  });
}

const daysPerDate = 7;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Draws dates counted back from the last day, which people look for first. */
function drawDates(days: readonly DayStatistics[], middle: (index: number) => number): readonly string[] {
  return days.flatMap(({ day }, index) => {
    if ((days.length - 1 - index) % daysPerDate !== 0) return [];
    const [, month = '', date = ''] = day.split('-');
    const words = `${Number(date)} ${months[Number(month) - 1] ?? ''}`;
    const x = Math.min(middle(index), right - 20);
    return [counts.bottom, times.bottom].map((bottom) =>
      label(words, { x, y: bottom + 32, 'text-anchor': 'middle', fill: paint.faint }),
    );
  });
}
