/** `full` has no room left, `read-only` takes no writes, `broken` fails to read or write. */
export type DiskFault = 'full' | 'read-only' | 'broken';

const wordings: Readonly<Record<DiskFault, string>> = {
  full: 'there is no room left',
  'read-only': 'it is mounted read-only',
  broken: 'it does not read or write any more',
};

/**
 * Thrown by adapters and by the store when the volume of DATA_DIR refused a call; its cause is the original error.
 * Whether it is an outage depends on the volume's state afterwards.
 */
export class DiskTrouble extends Error {
  readonly fault: DiskFault;
  /** One phrase, like the detail of an outage. */
  readonly detail: string;
  constructor(fault: DiskFault, options?: ErrorOptions) {
    super(`disk: ${wordings[fault]}`, options);
    this.name = 'DiskTrouble';
    this.fault = fault;
    this.detail = wordings[fault];
  }
}
