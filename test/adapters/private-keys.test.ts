import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { detectSecrets } from '../../src/adapters/secrets/detect.ts';
import { findBinaryKey } from '../../src/adapters/secrets/private-keys.ts';

/** Takes labels and bodies apart, so that no search for secrets in this repository finds one. */
const armour = (label: string, body: string): string =>
  `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;
const wrap = (text: string, width = 64): string =>
  (text.match(new RegExp(`.{1,${width}}`, 'g')) ?? []).join('\n');
const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const dsa = generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 });
const ed25519 = generateKeyPairSync('ed25519');

function pem(key: KeyObject, type: 'pkcs1' | 'sec1' | 'pkcs8', passphrase?: string): string {
  const locked = passphrase === undefined ? {} : { cipher: 'aes-128-cbc', passphrase };
  return key.export({ format: 'pem', type, ...locked } as { format: 'pem'; type: 'pkcs8' }) as string;
}

function der(key: KeyObject, type: 'pkcs1' | 'sec1' | 'pkcs8'): Buffer {
  return key.export({ format: 'der', type } as { format: 'der'; type: 'pkcs8' }) as Buffer;
}

/** Its length field is true, and after its head come only bits that base64 writes as / and +. */
const slashed = Buffer.concat([
  Buffer.from('3082012c0201000203', 'hex'),
  Buffer.from('fbefbe'.repeat(47) + 'ff'.repeat(154), 'hex'),
]);

const openSsh = Buffer.concat([Buffer.from('openssh-key-v1\0'), randomBytes(400)]).toString('base64');
const keys: Readonly<Record<string, string>> = {
  'RSA, PKCS #1': pem(rsa.privateKey, 'pkcs1'),
  'RSA, PKCS #8': pem(rsa.privateKey, 'pkcs8'),
  'EC, SEC1': pem(ec.privateKey, 'sec1'),
  'EC, PKCS #8': pem(ec.privateKey, 'pkcs8'),
  DSA: pem(dsa.privateKey, 'pkcs8'),
  Ed25519: pem(ed25519.privateKey, 'pkcs8'),
  'encrypted, PKCS #8': pem(ec.privateKey, 'pkcs8', 'word'),
  'encrypted, with headers': pem(rsa.privateKey, 'pkcs1', 'word'),
  OpenSSH: armour('OPENSSH PRIVATE KEY', wrap(openSsh, 70)),
  PGP: armour(
    'PGP PRIVATE KEY BLOCK',
    `Version: GnuPG v2\n\n${wrap(randomBytes(600).toString('base64'))}\n=aB3d`,
  ),
  'with lines that begin with / and +': armour('PRIVATE KEY', wrap(slashed.toString('base64'))),
  'some later algorithm': armour('ML DSA PRIVATE KEY', wrap(der(rsa.privateKey, 'pkcs8').toString('base64'))),
};

const linesOf = (key: string): readonly string[] => key.trimEnd().split('\n');
const forms: Readonly<Record<string, (key: string) => string>> = {
  'as it is': (key) => key,
  'with the line ends of Windows': (key) => key.replaceAll('\n', '\r\n'),
  'in one string with escaped line ends': (key) => `var key = "${key.replaceAll('\n', '\\n')}";`,
  'in JSON within a string': (key) => JSON.stringify({ text: JSON.stringify({ key }) }),
  'joined with +': (key) =>
    `const string Key = ${linesOf(key)
      .map((line) => `"${line}\\n"`)
      .join(' +\n    ')};`,
  'joined with + by a plain line end': (key) =>
    linesOf(key)
      .map((line) => `"${line}"`)
      .join(' + Environment.NewLine + '),
  'appended line by line': (key) =>
    linesOf(key)
      .map((line) => `builder.AppendLine("${line}");`)
      .join('\n'),
  'in a list': (key) =>
    `[\n${linesOf(key)
      .map((line) => `  '${line}',`)
      .join('\n')}\n].join('\\n')`,
  'in a verbatim string': (key) => `  var key = @"${key}";`,
  'indented, in a comment': (key) =>
    linesOf(key)
      .map((line) => `    // ${line}`)
      .join('\n'),
  'in YAML': (key) =>
    `key: |\n${linesOf(key)
      .map((line) => `  ${line}`)
      .join('\n')}\n`,
};

async function kindsIn(text: string): Promise<readonly string[]> {
  return (await detectSecrets(text)).map(({ kind }) => kind);
}

describe.each(Object.entries(forms))('a private key %s', (_form, write) => {
  it.each(Object.entries(keys))('is found: %s', async (_algorithm, key) => {
    expect(await kindsIn(`class A {}\n${write(key)}\nclass B {}\n`)).toEqual(['a private key']);
  });
});

describe('a private key in an unusual form', () => {
  it.each([
    ['EC, which a curve stands before', `${armour('EC PARAMETERS', 'BggqhkjOPQMBBw==')}${keys['EC, SEC1']}`],
    ['in one line', `key: ${keys['EC, SEC1']?.replaceAll('\n', ' ')}`],
    [
      'that is cut into short lines',
      armour('PRIVATE KEY', wrap(der(ec.privateKey, 'pkcs8').toString('base64'), 20)),
    ],
    [
      'of PuTTY',
      `PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\nComment: k\nPublic-Lines: 1\nAAAA\nPrivate-Lines: 4\n${wrap(randomBytes(200).toString('base64'))}\nPrivate-MAC: 00\n`,
    ],
    [
      'of .NET in XML',
      `<RSAKeyValue><Modulus>x</Modulus><D>${randomBytes(128).toString('base64')}</D></RSAKeyValue>`,
    ],
  ])('is found: %s', async (_what, text) => {
    expect(await kindsIn(text)).toEqual(['a private key']);
  });
});

/** Its first line in two strings, cut there; the others in one each. */
const splitAt =
  (at: number, joint: string) =>
  (key: string): string => {
    const [first = '', ...rest] = linesOf(key);
    const strings = [first.slice(0, at), `${first.slice(at)}\\n`, ...rest.map((line) => `${line}\\n`)];
    return `const Key = ${strings.map((text) => `"${text}"`).join(joint)};`;
  };
const disguises: Readonly<Record<string, (key: string) => string>> = {
  'between its first dashes': splitAt(2, ' + '),
  'behind its first dashes': splitAt(5, '\n    + '),
  'within BEGIN': splitAt(8, ' .\n  '),
  'behind BEGIN': splitAt(11, ' + @'),
  'within its last words': splitAt(18, ' & _\n '),
  'in calls': splitAt(11, ');\n    builder.Append('),
  'in neighbouring strings': splitAt(11, '\n  '),
  'in a string of JSON': (key) => JSON.stringify({ code: splitAt(11, ' + ')(key) }),
  'by percent signs': (key) => `key=${encodeURIComponent(key)}&name=a%20b`,
  'by percent signs, its dashes too': (key) => encodeURIComponent(key).replaceAll('-', '%2d'),
  'by percent signs, as a form': (key) => `a=1&key=${encodeURIComponent(key).replaceAll('%20', '+')}`,
  'by percent signs, but for what an address may hold': (key) => `https://studio.test/?key=${encodeURI(key)}`,
};

describe.each(Object.entries(disguises))('a private key whose first line is hidden %s', (_form, write) => {
  it.each(Object.entries(keys))('is found: %s', async (_algorithm, key) => {
    expect(await kindsIn(`class A {}\n${write(key)}\nclass B {}\n`)).toEqual(['a private key']);
  });
});

describe('other secrets of a game', () => {
  const hook = `1182736455463728190/${'aB3-dE6_gH9jK2mN'.repeat(4)}xyZ9`;
  it.each([
    ['a Discord webhook', `"https://discord.com/api/webhooks/${hook}"`],
    ['a Discord webhook', `https://ptb.discordapp.com/api/v10/webhooks/${hook}?wait=true`],
    ['an age key', `AGE-SECRET-KEY-1${'QP4ZRY9X8GF2TVDW0S3'.repeat(3)}Q`],
  ])('are found: %s', async (kind, text) => {
    expect(await kindsIn(text)).toEqual([kind]);
  });
});

describe('content that is no private key', () => {
  const spki = ec.publicKey.export({ format: 'pem', type: 'spki' }) as string;
  const root = armour('CERTIFICATE', wrap(randomBytes(900).toString('base64')));
  it.each([
    ['certificates', `${root}${root}${root}`],
    ['a public key', spki],
    [
      'a public key and a request',
      `${spki}${armour('CERTIFICATE REQUEST', wrap(randomBytes(300).toString('base64')))}`,
    ],
    ['a key that was left out', armour('EC PRIVATE KEY', '...')],
    [
      'a key that is only begun',
      armour('EC PRIVATE KEY', `${der(ec.privateKey, 'sec1').toString('base64').slice(0, 80)}...`),
    ],
    [
      'code that reads keys',
      `if (text.StartsWith("-----BEGIN EC PRIVATE KEY-----")) {\n  var parameters = ReadEllipticCurveParameters2048(bytes, Rfc2898DeriveBytes);\n  throw new CryptographicException("MIME is no key that this reader understands at all");\n} // "-----END EC PRIVATE KEY-----"`,
    ],
    [
      'code that writes keys',
      'writer.Write("-----BEGIN " + Kind + "PRIVATE KEY-----" + Newline);\nwriter.Write("-----" + "BEGIN PRIVATE KEY" + "-----");\nforeach (var line in Convert.ToBase64String(bytes).Split(SixtyFourCharactersInEachOfTheLines)) Write(line);',
    ],
    ['the address of a page about keys', 'https://studio.test/?q=-----BEGIN%20PRIVATE%20KEY-----%20how%20to'],
    ['a webhook to be filled in', 'https://discord.com/api/webhooks/123456789012345678/your-token'],
  ])('passes the scanner: %s', async (_what, text) => {
    expect(await kindsIn(text)).toEqual([]);
  });
});

describe('a binary file', () => {
  it('is recognized as a private key by its content, whatever its name', () => {
    const found = [
      der(rsa.privateKey, 'pkcs1'),
      der(ec.privateKey, 'sec1'),
      der(ed25519.privateKey, 'pkcs8'),
    ];
    expect(found.map((bytes) => findBinaryKey(bytes))).toEqual(found.map(() => 'a private key'));
    expect(findBinaryKey(ec.publicKey.export({ format: 'der', type: 'spki' }))).toBeUndefined();
    expect(findBinaryKey(randomBytes(500))).toBeUndefined();
  });

  it('is a key store when it holds a key, and none with certificates alone', () => {
    const folder = mkdtempSync(join(tmpdir(), 'key-store-'));
    const run = (...args: string[]): void =>
      void execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
    try {
      writeFileSync(join(folder, 'key.pem'), keys['EC, SEC1'] ?? '');
      run('req', '-x509', '-key', 'key.pem', '-subj', '/CN=studio', '-out', 'cert.pem');
      run(
        'pkcs12',
        '-export',
        '-inkey',
        'key.pem',
        '-in',
        'cert.pem',
        '-out',
        'key.p12',
        '-passout',
        'pass:word',
      );
      run('pkcs12', '-export', '-nokeys', '-in', 'cert.pem', '-out', 'roots.p12', '-passout', 'pass:word');
      expect(findBinaryKey(readFileSync(join(folder, 'key.p12')))).toBe('a key store');
      expect(findBinaryKey(readFileSync(join(folder, 'roots.p12')))).toBeUndefined();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    const java = (tag: number): Buffer =>
      Buffer.concat([
        Buffer.from([0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, tag]),
        randomBytes(300),
      ]);
    expect([findBinaryKey(java(1)), findBinaryKey(java(2))]).toEqual(['a key store', undefined]);
  });
});

describe('the search for keys', () => {
  it.each([
    '-----BEGIN EC PRIVATE KEY-----',
    '-----BEGIN ',
    '-----BEGIN A B C D ',
    '-" "',
    '-----BEGIN" "',
    '%2D%2D%2D%2D%2DBEGIN%20',
    '-----BEGIN PRIVATE KEY-----MIIA"',
    'PuTTY-User-Key-File-2: Private-Lines: 1',
    '<RSAKeyValue><D>',
    'discord.com/api/webhooks/12345678901234567/a',
    'Version: ',
    '\\\\\\\\',
    '/+',
  ])('takes ten times as long for ten times as much of %s', async (piece) => {
    const timeOf = async (chars: number): Promise<number> => {
      const text = `-----BEGIN EC PRIVATE KEY-----\n${piece.repeat(chars / piece.length)}`;
      let best = Number.POSITIVE_INFINITY;
      for (let round = 0; round < 3; round++) {
        const before = process.cpuUsage();
        await detectSecrets(text);
        best = Math.min(best, process.cpuUsage(before).user / 1000);
      }
      return best;
    };
    await timeOf(20_000);
    // The rule set has a fixed cost; the bound only excludes quadratic time.
    expect(await timeOf(200_000)).toBeLessThan(30 * (await timeOf(20_000)) + 100);
  });
});

describe('the first line of a key before something else', () => {
  const named = 'if (text.Contains("-----BEGIN PRIVATE KEY-----")) return;\n';
  const sequence = Buffer.concat([Buffer.from('308202103082010a', 'hex'), Buffer.alloc(524, 0xa7)]);
  const certificate = wrap(sequence.toString('base64'));

  it.each([
    ['a certificate of the same file', `${named}var root = @"${armour('CERTIFICATE', certificate)}";`],
    ['a certificate of the next file', `${named}\n\0\n${armour('CERTIFICATE', certificate)}`],
    ['letters of the next file', `${named}\n\0\n${certificate}\n`],
  ])('is no key: %s', async (_, text) => {
    expect(await detectSecrets(text)).toEqual([]);
  });

  it('does not hide a key that follows', async () => {
    const text = `${named}\n\0\n${armour('CERTIFICATE', certificate)}\n\0\n${pem(ec.privateKey, 'sec1')}`;
    expect(await detectSecrets(text)).toHaveLength(1);
  });
});
