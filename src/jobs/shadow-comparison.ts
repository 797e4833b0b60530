import { compareTrials } from '../publisher/shadow/compare-trials.ts';
import type { ShadowDeps } from '../publisher/shadow/deps.ts';
import type { ScheduledJob } from './scheduled-job.ts';

/** Nothing but a look at the database while no repository is in shadow mode. */
export function buildShadowComparison(deps: ShadowDeps): ScheduledJob {
  return {
    name: 'shadow-comparison',
    about: 'Compares what repositories in shadow mode would have published with what the registry received',
    schedule: '*/10 * * * *',
    run: async ({ signal }) => {
      const counts = await compareTrials(deps, signal);
      return { counts };
    },
  };
}
