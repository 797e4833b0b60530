/** `v1:<action>:<id>`: all that a component carries; everything else is in the database. */
export interface CustomId {
  readonly action: string;
  /** A job's number for the buttons of a job; what stands in it is the action's business. */
  readonly id: string;
}

const pattern = /^v1:([a-z]{1,20}):([A-Za-z0-9_-]{1,60})$/;

/** Of a button that belongs to a job. */
export function buildCustomId({ action, job }: { readonly action: string; readonly job: number }): string {
  return buildComponentId(action, job);
}

/** `id` is at most 60 of `A-Z a-z 0-9 _ -`. */
export function buildComponentId(action: string, id: string | number): string {
  return `v1:${action}:${id}`;
}

/** Undefined for what is not ours, or of another version. */
export function parseCustomId(text: string): CustomId | undefined {
  const [, action, id] = pattern.exec(text) ?? [];
  return action === undefined || id === undefined ? undefined : { action, id };
}

/** The number of a job or proposal; undefined when the id is none. */
export function parseNumber(id: string): number | undefined {
  return /^[1-9]\d{0,14}$/.test(id) ? Number(id) : undefined;
}
