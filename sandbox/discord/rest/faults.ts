/** What goes wrong with one request. Kinds that begin with `store` carry out the request and spoil only its answer. */
export type Fault =
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'reset' }
  | { readonly kind: 'hang' }
  | { readonly kind: 'storeThenReset' }
  | { readonly kind: 'storeThenHang' }
  | { readonly kind: 'storeThenStatus'; readonly status: number };

/**
 * Chooses the fault of a request. `count` is 1 for the first request of this method and path since the start or the
 * last `clearRequests`.
 */
export type ChooseFault = (request: {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly count: number;
}) => Fault | undefined;

/** A request as it came in. `path` has neither `/api/v10` nor the query; `status` is missing until it is answered. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly body: unknown;
  readonly files: readonly string[];
  /** Epoch milliseconds. */
  readonly at: number;
  status: number | undefined;
}
