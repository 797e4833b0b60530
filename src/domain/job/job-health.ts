import type { MonitoringNotice } from '../announcement/announcement.ts';
import type { RunEnding } from '../schedule/scheduled-run.ts';

export interface JobHealth {
  /** Epoch milliseconds of the first failure that no success followed. */
  readonly failingSince: number | undefined;
  /** An announcement of what changed, if something did. */
  readonly notice: MonitoringNotice | undefined;
}

/**
 * Judges a scheduled job by the end of a run: a failing job is announced once, and once more when it works again. An
 * interrupted run says nothing.
 */
export function judgeHealth(
  name: string,
  failingSince: number | undefined,
  ending: RunEnding,
  now: number,
): JobHealth {
  const unchanged = { failingSince, notice: undefined };
  if (ending.outcome === 'interrupted') return unchanged;
  if (ending.outcome === 'failed') {
    if (failingSince !== undefined) return unchanged;
    const title = `The scheduled job ${name} failed: ${ending.note ?? 'it did not say why'}`;
    const detail = 'It is tried again at its next time, and told again when it works. /status shows it.';
    return { failingSince: now, notice: buildNotice(name, 'trouble', title, detail, now) };
  }
  if (failingSince === undefined) return unchanged;
  const title = `The scheduled job ${name} works again`;
  const notice = buildNotice(name, 'good', title, 'It had failed until now.', failingSince);
  return { failingSince: undefined, notice };
}

function buildNotice(
  subject: string,
  tone: MonitoringNotice['tone'],
  title: string,
  detail: string,
  since: number,
): MonitoringNotice {
  return { kind: 'monitoring-notice', tone, subject, title, detail, since };
}
