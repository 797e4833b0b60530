/** An error answer as GitHub words it. */
export class ApiError extends Error {
  readonly status: number;
  readonly errors: readonly unknown[] | undefined;
  readonly headers: Readonly<Record<string, string>>;
  constructor(
    status: number,
    message: string,
    extras: {
      readonly errors?: readonly unknown[];
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.errors = extras.errors;
    this.headers = extras.headers ?? {};
  }
}

export const notFound = (): ApiError => new ApiError(404, 'Not Found');
export const forbidden = (): ApiError => new ApiError(403, 'Resource not accessible by integration');
export const validationFailed = (errors: readonly unknown[]): ApiError =>
  new ApiError(422, 'Validation Failed', { errors });
