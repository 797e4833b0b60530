/** A component's custom id, `v1:<action>:<id>`: the only data it carries; everything else is in the database. */
export interface CustomId {
  readonly action: string;
  /** The job's number for buttons of a job; other actions choose their own content. */
  readonly id: string;
}

const pattern = /^v1:([a-z]{1,20}):([A-Za-z0-9_-]{1,60})$/;

/** Builds a custom id; `id` is at most 60 characters of `A-Z a-z 0-9 _ -`. */
export function buildComponentId(action: string, id: string | number): string {
  return `v1:${action}:${id}`;
}

/** Returns undefined for ids that are not ours, or of another version. */
export function parseCustomId(text: string): CustomId | undefined {
  const [, action, id] = pattern.exec(text) ?? [];
  return action === undefined || id === undefined ? undefined : { action, id };
}

/** Returns the number of a job or proposal; undefined when the id is not a number. */
export function parseNumber(id: string): number | undefined {
  return /^[1-9]\d{0,14}$/.test(id) ? Number(id) : undefined;
}
