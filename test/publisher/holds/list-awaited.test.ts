import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/domain/job/report.ts';
import { listAwaited } from '../../../src/publisher/holds/list-awaited.ts';

const missing = [
  { name: 'com.studio.core', version: '1.0.0' },
  { name: 'com.studio.net', version: '2.0.0-beta.1' },
];

function finding(
  severity: Finding['severity'],
  subject: string | undefined,
  rule = 'deps.available',
): Finding {
  return { rule, severity, message: 'mend it', ...(subject === undefined ? {} : { subject }) };
}

const [core, net] = ['com.studio.core@1.0.0', 'com.studio.net@2.0.0-beta.1'];

describe('the versions that a held version waits for', () => {
  it('are all missing dependencies that stop it', () => {
    expect(listAwaited([finding('block', core), finding('block', net)], missing)).toEqual(missing);
  });

  it('are none when something else stops it too', () => {
    expect(listAwaited([finding('block', core), finding('block', 'x', 'meta.missing')], missing)).toEqual([]);
    expect(listAwaited([finding('block', core), finding('block', 'com.studio.gone@1.0.0')], missing)).toEqual(
      [],
    );
  });

  it('do not include what only causes a warning', () => {
    expect(listAwaited([finding('warn', core), finding('block', net)], missing)).toEqual(missing.slice(1));
    expect(listAwaited([finding('warn', core)], missing)).toEqual([]);
    expect(listAwaited([], missing)).toEqual([]);
  });

  it('are complete even when there are more findings than are listed', () => {
    expect(listAwaited([finding('block', core), finding('block', undefined)], missing)).toEqual(missing);
  });
});
