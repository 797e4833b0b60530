/** Somebody outside who notices when we fall silent. */
export interface Heartbeat {
  /** Tells it that all is well. Throws HeartbeatRefused when it was not heard. */
  beat(signal: AbortSignal): Promise<void>;
}

/** It was not heard; the message is one phrase without the address, which may hold a key. */
export class HeartbeatRefused extends Error {
  constructor(detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.name = 'HeartbeatRefused';
  }
}
