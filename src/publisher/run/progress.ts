import type { Neighbour } from '../../domain/failure/failure.ts';
import type { Job } from '../../domain/job/report.ts';

/** Learns what running jobs do as it happens; nothing depends on it. Calls return at once. */
export interface ProgressSink {
  /** `total` packages are going to be published. */
  planned(job: Job, total: number): void;
  stage(job: Job, stage: string, packageName: string): void;
  /** One planned package has its outcome. */
  settled(job: Job, packageName: string): void;
  /** The run is over; `waitingFor` when the job was parked. */
  ended(job: number, waitingFor: Neighbour | undefined): void;
}

export const noProgress: ProgressSink = {
  planned: () => undefined,
  stage: () => undefined,
  settled: () => undefined,
  ended: () => undefined,
};
