import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { create } from 'tar';

interface Signing {
  readonly folder: string;
  readonly destination: string;
  readonly name: string;
  readonly version: string;
}

/**
 * Packs and signs like a real signer: `node fake-signer.ts --folder <f> --destination <d>`. The last part of the
 * package's name decides how it misbehaves (`com.studio.signed.hangs`); any other package is signed correctly.
 */
const { values } = parseArgs({ options: { folder: { type: 'string' }, destination: { type: 'string' } } });
const folder = values.folder ?? '';
const destination = values.destination ?? '';
const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Omit<
  Signing,
  'folder' | 'destination'
>;
const signing: Signing = { ...manifest, folder, destination };

const misbehaviours: Readonly<Record<string, () => Promise<void> | void>> = {
  fails: () => process.exit(3),
  hangs: async () => {
    // Starts a child that hangs as well, so that only killing the whole process group ends it.
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', destination], {
      stdio: 'inherit',
    });
    await once(child, 'exit');
  },
  silent: () => undefined,
  twofiles: async () => {
    await sign();
    writeFileSync(join(destination, 'log.txt'), 'done');
  },
  linked: () => symlinkSync('/etc/hostname', join(destination, 'package.tgz')),
  floods: async () => {
    const line = 'a'.repeat(64 * 1024);
    for (;;) if (!process.stdout.write(line)) await once(process.stdout, 'drain');
  },
  dies: async () => {
    await sign();
    process.kill(process.pid, 'SIGKILL');
  },
  half: async () => {
    await sign();
    const file = outFile();
    truncateSync(file, Math.floor(statSync(file).size / 2));
  },
  garbage: () => writeFileSync(join(destination, 'package.tgz'), 'this is no tarball'),
  prints: async () => {
    const secret = process.env['FAKE_SIGNER_KEY'] ?? '';
    process.stdout.write(`${secret}\n`);
    process.stderr.write(`${secret}\n`.repeat(1_000));
    await sign({ attestation: Buffer.alloc(0) });
    process.exitCode = 4;
  },
  changes: async () => {
    writeFileSync(join(folder, 'Runtime/Example.cs'), 'class Other { }\n');
    await sign();
  },
  samesize: async () => {
    const file = join(folder, 'Runtime/Example.cs');
    writeFileSync(file, readFileSync(file, 'utf8').toUpperCase());
    await sign();
  },
  adds: async () => {
    writeFileSync(join(folder, 'Runtime/Extra.cs'), 'class Extra { }\n');
    await sign();
  },
  loses: async () => {
    rmSync(join(folder, 'README.md'));
    await sign();
  },
  version: async () => {
    const file = join(folder, 'package.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace(signing.version, '9.9.9'));
    await sign();
  },
  unsigned: async () => sign({ attestation: undefined }),
  empty: async () => sign({ attestation: Buffer.alloc(0) }),
  noder: async () => sign({ attestation: Buffer.from('0 is how it begins') }),
  other: async () => sign({ attestation: attest({ ...signing, name: 'com.studio.another' }) }),
  older: async () => sign({ attestation: attest({ ...signing, version: '0.0.1' }) }),
  links: async () => {
    rmSync(join(folder, 'README.md'));
    symlinkSync('/etc/hostname', join(folder, 'README.md'));
    await sign();
  },
  escapes: async () => sign({ rename: (path) => path.replace('package/README.md', 'package/../README.md') }),
  twice: async () => sign({ more: ['README.md'] }),
  tricks: async () => sign({ rename: (path) => path.replace('package/README.md', 'README.md') }),
};

interface SignOptions {
  /** The attestation; none when undefined. */
  readonly attestation?: Buffer | undefined;
  readonly rename?: (path: string) => string;
  /** Entries that are packed a second time. */
  readonly more?: readonly string[];
}

function outFile(): string {
  return join(destination, `${signing.name}-${signing.version}.tgz`);
}

/** Packs with times and an order of its own, because only names and contents may be compared. */
async function sign(options: SignOptions = { attestation: attest(signing) }): Promise<void> {
  const { rename = (path) => path, more = [] } = options;
  const attestation = 'attestation' in options ? options.attestation : attest(signing);
  if (attestation !== undefined) writeFileSync(join(folder, '.attestation.p7m'), attestation);
  const file = outFile();
  const settings = {
    file,
    cwd: folder,
    gzip: { level: 1 },
    preservePaths: true,
    mtime: new Date(1_700_000_000_000),
  };
  await create(
    {
      ...settings,
      onWriteEntry: (entry) => {
        entry.path = rename(`package/${entry.path.replace(/^\.\//, '')}`);
      },
    },
    ['.', ...more],
  );
}

/** Builds as much of an attestation as anybody reads: a DER sequence around the JSON that names the package. */
function attest({ name, version }: Pick<Signing, 'name' | 'version'>): Buffer {
  const payload = Buffer.from(JSON.stringify({ packageName: name, packageVersion: version }));
  const signedData = Buffer.from('06092a864886f70d010702', 'hex');
  return der(0x30, Buffer.concat([signedData, der(0x04, payload)]));
}

function der(tag: number, content: Buffer): Buffer {
  const head = Buffer.from([tag, 0x82, 0, 0]);
  head.writeUInt16BE(content.length, 2);
  return Buffer.concat([head, content]);
}

await (misbehaviours[signing.name.split('.').at(-1) ?? ''] ?? sign)();
