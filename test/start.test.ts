import { execFile } from 'node:child_process';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ConfigFolder, openConfigFolder } from './config/config-folder.ts';

let folder: ConfigFolder;

beforeEach(async () => {
  folder = await openConfigFolder();
});
afterEach(async () => folder.remove());

describe('start.mjs', () => {
  const run = promisify(execFile);
  const start = join(import.meta.dirname, '../src/start.mjs');

  it('says in one sentence which Node is needed, and exits with 78', async () => {
    const pretend = await folder.write(
      'old.mjs',
      `Object.defineProperty(process.versions, 'node', { value: '24.14.9' });`,
    );
    const failed = run(process.execPath, ['--import', pretend, start], { env: {} });
    await expect(failed).rejects.toMatchObject({
      code: 78,
      stdout: '',
      stderr: expect.stringMatching(
        /^Node 24\.15 or newer is needed and this is 24\.14\.9: .*npm start.*\n$/,
      ),
    });
  });

  it('starts the module that it is told to, which sees only its own arguments', async () => {
    const module = await folder.write('echo.mjs', 'console.log(JSON.stringify(process.argv.slice(2)));');
    const named = `./${relative(dirname(start), module)}`;
    const { stdout } = await run(process.execPath, [start, named, '--commit', 'abc'], { env: {} });
    expect(JSON.parse(stdout)).toEqual(['--commit', 'abc']);
  });
});
