export interface Scale {
  /** Returns the position of a value, in pixels from the top. */
  readonly y: (value: number) => number;
  readonly ticks: readonly { readonly value: number; readonly label: string }[];
}

export interface Span {
  readonly top: number;
  readonly bottom: number;
}

/** Builds a scale from zero to a round number of at least `highest`, with at most five ticks. */
export function countScale(highest: number, { top, bottom }: Span): Scale {
  const step = roundStep(highest / 4);
  const max = Math.max(1, Math.ceil(highest / step)) * step;
  const ticks = Array.from({ length: Math.round(max / step) + 1 }, (_, index) => index * step);
  return {
    y: (value) => bottom - (value / max) * (bottom - top),
    ticks: ticks.map((value) => ({ value, label: String(value) })),
  };
}

/** Returns 1, 2 or 5 times a power of ten, at least 1. */
function roundStep(least: number): number {
  if (least <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= least) ?? 10;
  return factor * power;
}

const second = 1_000;
const durations: readonly (readonly [number, string])[] = [
  [second, '1 s'],
  [10 * second, '10 s'],
  [60 * second, '1 min'],
  [600 * second, '10 min'],
  [3_600 * second, '1 h'],
  [36_000 * second, '10 h'],
  [360_000 * second, '100 h'],
];

/**
 * Builds a logarithmic scale, so that jobs of seconds and of an hour are both visible. `highest` is in milliseconds.
 */
export function durationScale(highest: number, { top, bottom }: Span): Scale {
  const above = durations.findIndex(([ms]) => ms >= highest);
  const shown = durations.slice(0, Math.max(above < 0 ? durations.length : above + 1, 3));
  const [min, max] = [second / 2, shown.at(-1)?.[0] ?? second];
  const position = (value: number): number =>
    Math.log(Math.min(Math.max(value, min), max) / min) / Math.log(max / min);
  return {
    y: (value) => bottom - position(value) * (bottom - top),
    ticks: shown.map(([value, label]) => ({ value, label })),
  };
}
