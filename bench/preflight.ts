import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { largePackage } from '../sandbox/large-package.ts';
import { parseManifest } from '../src/domain/package/manifest.ts';
import type { PackedEntry } from '../src/domain/package/tarball.ts';
import { judgePackage, readPackage } from '../src/publisher/preflight/contents/run-rules.ts';
import { rules } from '../src/publisher/preflight/rules/index.ts';

const files = 10_000;
const rounds = 5;
const aimMs = 2_000;

export interface PreflightResult {
  readonly files: number;
  readonly rules: number;
  readonly findings: number;
  /** Medians in milliseconds; the floor reads every file one after the other without checking it. */
  readonly bookMs: number;
  readonly floorMs: number;
  /** CPU time of the whole process during the rule book, which other work on the machine does not lengthen. */
  readonly cpuMs: number;
  /** Longest time for which the event loop was blocked. */
  readonly stallMs: number;
  readonly aimMs: number;
}

/** Measures the whole rule book over a package on disk, compared with reading its files. */
export async function measurePreflight(): Promise<PreflightResult> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-preflight-'));
  try {
    const entries = await writeFiles(folder);
    const read = async (path: string): Promise<Buffer> => readFile(join(folder, path));
    const book: number[] = [];
    const floor: number[] = [];
    const cpu: number[] = [];
    let findings = 0;
    let stallMs = 0;
    for (let round = 0; round < rounds; round++) {
      floor.push(await time(async () => readAll(entries, read)));
      const watch = watchStalls();
      const before = process.cpuUsage();
      book.push(await time(async () => (findings = await runBook(entries, read))));
      stallMs = Math.max(stallMs, watch.stop());
      const { user, system } = process.cpuUsage(before);
      cpu.push((user + system) / 1000);
    }
    return {
      files: entries.length,
      rules: rules.length,
      findings,
      bookMs: median(book),
      floorMs: median(floor),
      cpuMs: median(cpu),
      stallMs,
      aimMs,
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

export function renderPreflight(result: PreflightResult): string {
  const { bookMs, cpuMs, files: count, findings, floorMs, rules: all, stallMs } = result;
  const verdict = bookMs <= aimMs ? 'met' : 'missed';
  return [
    `${all} rules over ${count} files: ${bookMs.toFixed(0)} ms (aim: ${aimMs} ms, ${verdict}), ${findings} findings`,
    `reading the files alone: ${floorMs.toFixed(0)} ms; the book takes ${(bookMs / floorMs).toFixed(2)} times that`,
    `CPU: ${cpuMs.toFixed(0)} ms; longest the event loop was held: ${stallMs.toFixed(0)} ms`,
  ].join('\n');
}

async function writeFiles(folder: string): Promise<readonly PackedEntry[]> {
  const entries: PackedEntry[] = [];
  for (const [path, content] of Object.entries(largePackage('com.studio.large', '1.0.0', files))) {
    const bytes = Buffer.from(content as string);
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
    entries.push({ path, bytes: bytes.length });
  }
  return entries;
}

async function runBook(
  entries: readonly PackedEntry[],
  read: (path: string) => Promise<Buffer>,
): Promise<number> {
  const parsed = parseManifest(await read('package.json'), 'package.json');
  if (parsed.kind !== 'unity') throw new Error('the package has no manifest');
  const { contents, findings } = await readPackage(rules, entries, read);
  const judged = await judgePackage(
    rules,
    {
      ...contents,
      manifest: parsed.manifest,
      committed: entries.map(({ path }) => ({ path, mode: '100644' })),
      whyNot: { ignored: new Map(), idle: [] },
      besides: new Set(),
      previous: undefined,
      isFirst: true,
      relatives: new Set(),
      referenced: new Map(),
      installed: new Set(),
      publishedAbove: [],
      guidOwners: new Map(),
      assemblyOwners: new Map(),
      availability: new Map(),
      siblings: new Map(),
      scopes: ['com.studio'],
      ours: new Set(),
      isTrial: false,
      registryUrl: 'https://packages.studio.test/',
      tarballBytes: 1_000_000,
      sizeWarnBytes: 50_000_000,
      // The secret scanner is left out: it has its own thread and its own measurement.
      findSecrets: async () => ({ found: [], cut: [], stoppedAt: undefined }),
    },
    findings,
  );
  return judged.length;
}

async function readAll(
  entries: readonly PackedEntry[],
  read: (path: string) => Promise<Buffer>,
): Promise<void> {
  for (const { path } of entries) await read(path);
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function watchStalls(): { stop(): number } {
  let last = performance.now();
  let worst = 0;
  const note = (): void => {
    const now = performance.now();
    worst = Math.max(worst, now - last);
    last = now;
  };
  const timer = setInterval(note, 1);
  return {
    stop: () => {
      clearInterval(timer);
      note();
      return worst;
    },
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
