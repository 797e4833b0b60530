import { generateKeyPairSync } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildSecretScanner } from '../../src/adapters/secrets/scanner.ts';
import type { RepositoryId } from '../../src/domain/repository/repository.ts';
import type { FileToScan, FoundSecret, SecretScan, SecretScanner } from '../../src/ports/preflight.ts';
import { silent } from './registry-fixtures.ts';

const never = new AbortController().signal;
const options = { threads: 1, timeoutMs: 20_000, memoryMb: 256, fingerprintKey: 'one', logger: silent };
let scanner: SecretScanner;
let folder: string;

beforeAll(() => {
  scanner = buildSecretScanner(options);
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scanner-test-'));
});
afterEach(async () => rm(folder, { recursive: true, force: true }));
afterAll(async () => scanner.stop());

async function scan(
  contents: Readonly<Record<string, string | Buffer>>,
  by: SecretScanner = scanner,
): Promise<SecretScan> {
  for (const [path, content] of Object.entries(contents)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return by.scan(
    folder,
    Object.keys(contents).map((path): FileToScan => ({ path })),
    1 as RepositoryId,
    never,
  );
}

/** Returns every finding as `file:line kind`. */
async function find(contents: Readonly<Record<string, string | Buffer>>): Promise<readonly string[]> {
  return (await scan(contents)).found.map(({ file, line, kind }) => `${file}:${line} ${kind}`);
}

/** Made here, in pieces, so that no search for secrets in this repository finds them. */
const github = `ghp_${'aB3dE6gH9jK2'.repeat(3)}`;
const npm = `npm_${'w3XyK8vQ2pL5'.repeat(3)}`;
const google = ['AIza', 'SyD4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T'].join('');
const slack = ['xoxb', '2847561930', '9182736450', 'aZ9yX8wV7uT6sR5qP4oN3mL2'].join('-');
const pem = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
  type: 'pkcs8',
  format: 'pem',
}) as string;
const account = JSON.stringify({ type: 'service_account', project_id: 'studio', private_key: pem }, null, 2);

describe('secrets in texts', () => {
  it.each([
    ['a GitHub token', `// token: ${github}`],
    ['an npm token', `NPM=${npm}`],
    ['a Google API key', `key = "${google}";`],
    ['a Slack token', `slack: ${slack}`],
    ['an AWS secret key', `aws_secret_access_key = ${'wJ4lrXUt'.repeat(5)}`],
    ['a private key', pem],
    ['a password in a URL', 'git clone https://builder:k3J9sl2mQ@git.studio-internal.com/tools.git'],
    ['a database password', 'mongodb://game:q8Zr2LmVx@db.studio-internal.com/scores'],
    ['a Stripe key', `sk_${'live'}_${'4eC39HqLyjWD'.repeat(2)}`],
  ])('are found: %s', async (kind, text) => {
    expect(await find({ 'Runtime/a.cs': `first line\nsecond line\n${text}\n` })).toEqual([
      `Runtime/a.cs:3 ${kind}`,
    ]);
  });

  it('are reported once: a service account is not also the private key inside it', async () => {
    expect(await find({ 'a.json': account })).toEqual(['a.json:2 a service account key']);
  });

  it('are found by file and line among many small files, each in its own', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [
        `f${index}.cs`,
        index % 100 === 7 ? `a\n\n${github}` : 'class A {}\n'.repeat(90),
      ]),
    );
    expect(await find(files)).toEqual([
      'f107.cs:3 a GitHub token',
      'f207.cs:3 a GitHub token',
      'f7.cs:3 a GitHub token',
    ]);
  });

  it.each([150_000, 183_990, 199_980, 200_000, 383_970, 1_000_000])(
    'are found once behind %d characters of a large text, wherever it is split',
    async (before) => {
      const lines = before / 10;
      const text = `${'123456789\n'.repeat(lines)}${npm} ${pem}${'tail line\n'.repeat(30_000)}`;
      expect(await find({ 'large.txt': text })).toEqual(
        [`large.txt:${lines + 1} a private key`, `large.txt:${lines + 1} an npm token`].toSorted((a) =>
          a.includes('npm') ? -1 : 1,
        ),
      );
    },
  );

  it('are found in UTF-16 with a byte order mark, and not in what is no text', async () => {
    expect(
      await find({
        'utf16.cs': Buffer.from(`\uFEFFclass A\n// ${github}`, 'utf16le'),
        'bom.cs': `\uFEFF// ${github}`,
        'image.dat': Buffer.concat([Buffer.from([1, 0, 2]), Buffer.from(github)]),
      }),
    ).toEqual(['bom.cs:1 a GitHub token', 'utf16.cs:2 a GitHub token']);
  });

  it('cannot be hidden by a comment that switches a linter off', async () => {
    expect(
      await find({ 'a.cs': `// secretlint-disable\n// ${github} // secretlint-disable-line\n` }),
    ).toEqual(['a.cs:2 a GitHub token']);
  });
});

describe('text that only looks like a secret', () => {
  it.each([
    [
      'GUIDs and hashes',
      'guid: 9f3c2b1a0d4e5f60718293a4b5c6d7e8\nsha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    ],
    ['a key that Amazon’s manual shows', 'aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'],
    [
      'an invented token',
      `ghp_${'x'.repeat(36)}\nghp_1234567890abcdefghij1234567890abcdef\nnpm_${'0'.repeat(36)}`,
    ],
    [
      'a token to be filled in',
      '//registry/:_authToken=YOUR_TOKEN\n//registry/:_authToken=<token>\n//registry/:_authToken=$NPM_TOKEN',
    ],
    [
      'a password of nobody',
      'https://user:pass1234@example.com/ https://dev:hunter22@build.test/ mongodb://dev:q8Zr2LmVx@localhost/db',
    ],
    [
      'names in code',
      'using SG.Core.Tools; SG.Tweening.Easing.OutQuad(); var hf_model = SG.Assets.Loader_Base;',
    ],
    ['a key without a key', '-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----'],
    [
      'an assembly definition',
      '{"name":"Studio.Core","references":["GUID:27619889b8ba8c24980f49ee34dbb44a"],"autoReferenced":true}',
    ],
  ])('passes the scanner: %s', async (_what, text) => {
    expect(await find({ 'Documentation~/index.md': text })).toEqual([]);
  });
});

describe('fingerprints of secrets', () => {
  const one = async (result: Promise<SecretScan>): Promise<FoundSecret> => {
    const [found] = (await result).found;
    if (found === undefined) throw new Error('nothing was found');
    return found;
  };

  it('are the same for the same secret in any place, and different for any other secret', async () => {
    const first = await one(scan({ 'a.cs': `// ${github}` }));
    const moved = await one(scan({ 'b/c.md': `\n\ntext ${github} text` }));
    const other = await one(scan({ 'a.cs': `// ghp_${'bB3dE6gH9jK2'.repeat(3)}` }));
    expect(moved.fingerprint).toBe(first.fingerprint);
    expect(other.fingerprint).not.toBe(first.fingerprint);
  });

  it('mean nothing to somebody who has another key', async () => {
    const elsewhere = buildSecretScanner({ ...options, fingerprintKey: 'another' });
    const here = await one(scan({ 'a.cs': github }));
    const there = await one(scan({ 'a.cs': github }, elsewhere));
    await elsewhere.stop();
    expect(there.fingerprint).not.toBe(here.fingerprint);
    expect(there.fingerprint).toMatch(/^[\w-]{32}$/);
  });

  it('cover the whole content when the file’s name alone makes it a secret', async () => {
    await writeFile(join(folder, '.env'), 'A=1');
    const files = [{ path: '.env', kind: 'an environment file' }];
    const before = await one(scanner.scan(folder, files, 1 as RepositoryId, never));
    expect(before).toMatchObject({ file: '.env', line: undefined, kind: 'an environment file' });
    await writeFile(join(folder, '.env'), 'A=2');
    expect((await one(scanner.scan(folder, files, 1 as RepositoryId, never))).fingerprint).not.toBe(
      before.fingerprint,
    );
  });

  it('do not contain the secret, and neither does the rest of the result', async () => {
    const result = JSON.stringify(
      await scan({ 'a.cs': `${github} ${npm} ${google} ${slack}`, 'b.json': account }),
    );
    expect(result).toContain('a Slack token');
    for (const secret of [github, npm, google, slack, pem.slice(60, 100)])
      expect(result).not.toContain(secret);
  });
});

describe('hostile texts in the secret scanner', () => {
  it.each([
    ['-----BEGIN PRIVATE KEY-----', 9_000],
    ['ghs_1_', 42_000],
    ['"type":"service_account"', 10_000],
    ['https://a:b@a.', 18_000],
    ['mongodb://a:', 21_000],
    ['xoxb-a-', 36_000],
    ['secret_access_key ', 14_000],
    ['_authToken=', 23_000],
    ['SG.a.', 50_000],
    ['https://', 32_000],
  ])('of nothing but %s are searched in time', async (piece, count) => {
    const started = performance.now();
    expect((await scan({ 'a.txt': piece.repeat(count) })).stoppedAt).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('end the search, not the process, when it takes too long: the file is named', async () => {
    const hasty = buildSecretScanner({ ...options, timeoutMs: 1 });
    const result = await scan({ 'a.txt': 'xoxb-a-'.repeat(200_000), 'b.txt': github }, hasty);
    expect(result).toEqual({ found: [], cut: [], stoppedAt: 'a.txt' });
    await hasty.stop();
  });

  it('of one owner wait for one another, and delay nobody else’s search', async () => {
    const slow = 'xoxb-a-'.repeat(400_000);
    await writeFile(join(folder, 'slow.txt'), slow);
    await writeFile(join(folder, 'quick.txt'), github);
    const ended: string[] = [];
    const searches = [
      ...[1, 2, 3].map(async () => scanner.scan(folder, [{ path: 'slow.txt' }], 1 as RepositoryId, never)),
      scanner.scan(folder, [{ path: 'quick.txt' }], 2 as RepositoryId, never),
    ].map(async (search, index) => {
      await search;
      ended.push(index === 3 ? 'quick' : 'slow');
    });
    await Promise.all(searches);
    expect(ended.indexOf('quick')).toBeLessThan(2);
  });

  it('are searched up to a limit, which is reported', async () => {
    const text = Buffer.alloc(9 * 1024 * 1024, 'nothing here\n');
    text.write(github, text.length - 100);
    expect(await scan({ 'huge.txt': text })).toEqual({
      found: [],
      cut: [{ file: 'huge.txt', searchedBytes: 8 * 1024 * 1024 }],
      stoppedAt: undefined,
    });
  });

  it('a missing file causes an internal error that names neither file nor content', async () => {
    const scanned = scanner.scan(folder, [{ path: 'gone.cs' }], 1 as RepositoryId, never);
    await expect(scanned).rejects.toMatchObject({ message: 'a file could not be searched', code: 'ENOENT' });
  });
});
