import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { QueueDepth } from '../ports/jobs.ts';

export interface HttpMetrics {
  readonly contentType: string;
  /** Returns the text that Prometheus reads. */
  read(): Promise<string>;
  /** Counts a dispatch; `result` is `accepted`, `duplicate` or a problem's code. */
  countDispatch(result: string): void;
  observeRequest(labels: RequestLabels, seconds: number): void;
}

export interface RequestLabels {
  readonly method: string;
  /** The route's pattern, never the requested path. */
  readonly route: string;
  readonly status: number;
}

const bucketsSeconds = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

/** How long one reading is reused for everybody. */
const keptMs = 1_000;

/**
 * Builds metrics in a registry of their own, so that two servers of one process do not mix. `now`: monotonic
 * milliseconds.
 */
export function buildHttpMetrics(depth: () => Promise<QueueDepth>, now: () => number): HttpMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'upm_jobs',
    help: 'Jobs that are not final, by state; parked ones are part of the queued',
    labelNames: ['state'] as const,
    registers,
    async collect() {
      // An unreadable store shows as missing values, not as zero.
      this.reset();
      const known = await depth().catch(() => undefined);
      for (const state of ['queued', 'running', 'parked'] as const) {
        if (known !== undefined) this.set({ state }, known[state]);
      }
    },
  });
  const dispatches = new Counter({
    name: 'upm_dispatches_total',
    help: 'Dispatches by result: accepted, duplicate, or the code of the refusal',
    labelNames: ['result'] as const,
    registers,
  });
  const latency = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the request’s headers to the end of the answer',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: bucketsSeconds,
    registers,
  });
  let reading: Promise<string> | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  return {
    contentType: registry.contentType,
    read: async () => {
      // Counting open files and handles takes milliseconds when there are thousands, and anybody may request it.
      if (reading === undefined || now() - readAt >= keptMs) {
        readAt = now();
        reading = registry.metrics();
      }
      return reading;
    },
    countDispatch: (result) => dispatches.inc({ result }),
    observeRequest: ({ method, route, status }, seconds) =>
      latency.observe({ method, route, status }, seconds),
  };
}
