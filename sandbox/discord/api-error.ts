/** One problem of a request body, as a leaf of the `errors` tree of a 50035. */
export interface FormProblem {
  /** Where the problem is in the body: `['embeds', 0, 'title']`. */
  readonly path: readonly (string | number)[];
  readonly code: string;
  readonly message: string;
}

/** An error answer with one of Discord's JSON error codes. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: number;
  readonly errors: unknown;

  constructor(status: number, code: number, message: string, errors?: unknown) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.errors = errors;
  }
}

export const notFound = () => new ApiError(404, 0, '404: Not Found');
export const unauthorized = () => new ApiError(401, 0, '401: Unauthorized');
export const unknownChannel = () => new ApiError(404, 10003, 'Unknown Channel');
export const unknownGuild = () => new ApiError(404, 10004, 'Unknown Guild');
export const unknownMessage = () => new ApiError(404, 10008, 'Unknown Message');
export const unknownUser = () => new ApiError(404, 10013, 'Unknown User');
export const unknownWebhook = () => new ApiError(404, 10015, 'Unknown Webhook');
export const unknownInteraction = () => new ApiError(404, 10062, 'Unknown interaction');
export const tooLarge = () => new ApiError(413, 40005, 'Request entity too large');
export const alreadyAcknowledged = () =>
  new ApiError(400, 40060, 'Interaction has already been acknowledged.');
export const missingAccess = () => new ApiError(403, 50001, 'Missing Access');
export const emptyMessage = () => new ApiError(400, 50006, 'Cannot send an empty message');
export const missingPermissions = () => new ApiError(403, 50013, 'Missing Permissions');
export const invalidToken = () => new ApiError(401, 50027, 'Invalid Webhook Token');
export const threadArchived = () => new ApiError(403, 50083, 'Thread is archived');
export const invalidJson = () => new ApiError(400, 50109, 'The request body contains invalid JSON.');
export const noReplyWithoutHistory = () =>
  new ApiError(400, 160002, 'Cannot reply without permission to read message history');
export const threadLocked = () => new ApiError(403, 160005, 'Thread is locked');

/** Returns a 50035 whose tree names every problem at its place in the body. */
export function invalidFormBody(problems: readonly FormProblem[]): ApiError {
  const root: Record<string, unknown> = {};
  for (const problem of problems) {
    let node = root;
    for (const step of problem.path) {
      const next = (node[String(step)] ?? {}) as Record<string, unknown>;
      node[String(step)] = next;
      node = next;
    }
    const leaves = (node['_errors'] ?? []) as unknown[];
    node['_errors'] = [...leaves, { code: problem.code, message: problem.message }];
  }
  return new ApiError(400, 50035, 'Invalid Form Body', root);
}
