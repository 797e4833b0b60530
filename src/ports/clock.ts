export interface Clock {
  /** Epoch milliseconds, for times that are shown or stored. Someone may set the host's clock at any moment. */
  now(): number;
  /**
   * Milliseconds since an arbitrary moment of this process. Nobody can set this clock, so durations are measured with
   * it; its values mean nothing in another process.
   */
  monotonic(): number;
  /** Resolves after `ms`; rejects with the signal's reason if `signal` aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** A clock that runs evenly even when someone sets the host's clock. It jumps only when `follow` is called. */
export interface SteadyClock extends Clock {
  /** Returns how far the host's clock is ahead of this one, in milliseconds; negative if it is behind. */
  step(): number;
  /** Moves `now` by `stepMs`. */
  follow(stepMs: number): void;
}
