/** `v1:<action>:<job>`: all that a button carries; everything else is in the database. */
export interface CustomId {
  readonly action: string;
  readonly job: number;
}

const pattern = /^v1:([a-z]{1,20}):([1-9]\d{0,14})$/;

export function buildCustomId({ action, job }: CustomId): string {
  return `v1:${action}:${job}`;
}

/** Undefined for what is not ours, or of another version. */
export function parseCustomId(text: string): CustomId | undefined {
  const [, action, job] = pattern.exec(text) ?? [];
  return action === undefined ? undefined : { action, job: Number(job) };
}
