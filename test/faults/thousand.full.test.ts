import { randomInt } from 'node:crypto';
import { expect, it } from 'vitest';
import { runStorm } from './storm.ts';

const seed = Number(process.env['SEED'] ?? randomInt(2 ** 31));
/** Number of dispatches; set COUNT to fewer while looking for a fault. */
const count = Number(process.env['COUNT'] ?? 1_000);
const repositories = Math.min(50, Math.max(1, Math.round(count / 10)));
const jobsPerKill = Math.max(4, Math.round(count / 35));

it('publishes and announces a thousand dispatches once, whatever fails and whenever the process is killed', async () => {
  console.log(`SEED=${seed} COUNT=${count}`);
  const summary = await runStorm({
    seed,
    repositories,
    commitsEach: Math.ceil(count / repositories),
    jobsPerKill,
    tell: (line) => console.log(line),
  });
  console.log(JSON.stringify(summary));
  expect(summary.dispatches).toBeGreaterThanOrEqual(count);
  // Kills are random: half of the expected number is enough.
  expect(summary.kills).toBeGreaterThanOrEqual(Math.max(1, Math.floor(count / (8 * jobsPerKill))));
  expect(summary).toMatchObject({ lost: [], doubled: [], unaudited: [], violations: [] });
});
