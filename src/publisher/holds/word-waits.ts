import type { Announcement } from '../../domain/announcement/announcement.ts';
import type { AwaitedVersion } from '../../domain/job/report.ts';
import type { Circle, Hold } from '../../domain/package/hold.ts';

/** A notice with the key that keeps it from being announced twice. */
export interface WaitNotice {
  readonly key: string;
  readonly notice: Announcement;
}

const awaitedShown = 5;
const circleShown = 10;

export function wordAwaited(awaits: readonly AwaitedVersion[]): string {
  const shown = awaits.slice(0, awaitedShown).map(({ name, version }) => `${name} ${version}`);
  const more = awaits.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}

/** Words a wait that is longer than anybody expects. */
export function wordLongWait(hold: Hold, waitedMs: number): WaitNotice {
  const hours = Math.floor(waitedMs / 3_600_000);
  return notice(hold, 'long', {
    title: `${hold.name} ${hold.version} has waited for ${wordAwaited(hold.awaits)} for ${hours} hours`,
    remedy:
      'Publish that, correct the dependency and push, or press Stop waiting below its message. Until then it goes on waiting; this is not told again.',
  });
}

/** Words a wait for a version that was left out: a higher version is on the registry. */
export function wordPassedOver(hold: Hold, awaited: AwaitedVersion, highest: string): WaitNotice {
  return notice(hold, `passed-${awaited.name}@${awaited.version}`, {
    title: `${hold.name} ${hold.version} waits for ${awaited.name} ${awaited.version}, but ${highest} is on the registry`,
    remedy: `Depend on a version of ${awaited.name} that is there and push, or publish ${awaited.version} from a maintenance branch; then it goes on by itself.`,
  });
}

/** Words a circle of versions that wait for each other: none of them can be first. */
export function wordCircle(circle: Circle): WaitNotice {
  const [first] = circle;
  const names = circle.slice(0, circleShown).map(({ name, version }) => `${name} ${version}`);
  const more = circle.length > names.length ? ' → …' : '';
  return notice(first, 'circle', {
    title: `Versions wait for each other: ${names.join(' → ')}${more} → ${first.name} ${first.version}`,
    remedy:
      'None of them goes on by itself. Take one of these dependencies away and push, or press Publish anyway below the message of one of them: the others follow.',
  });
}

function notice(
  { name, repository, toldIn, version }: Hold,
  what: string,
  words: { readonly title: string; readonly remedy: string },
): WaitNotice {
  const key = `hold-${toldIn}-${name}@${version}-${what}`;
  return { key, notice: { kind: 'repository-notice', repository, ...words } };
}
