import { parentPort } from 'node:worker_threads';
import { findDiskFault } from '../system/disk-trouble.ts';
import { explainList } from './explain-list.ts';
import { listPacked } from './pack-list.ts';
import type { PackReply, PackTask } from './pack-task.ts';
import { TooLarge, writeTarball } from './write-tarball.ts';

async function pack(task: PackTask): Promise<PackReply> {
  try {
    const fields = JSON.parse(task.fieldsJson) as Record<string, unknown>;
    const { entries, besides } = await listPacked(task.folder, fields, task.always);
    const tarball = writeTarball(task, entries);
    return {
      kind: 'packed',
      packed: {
        tarball,
        entries: entries.toSorted((a, b) => byPath(a.path, b.path)),
        besides,
        whyNot: explainList(task.folder, fields, entries),
      },
    };
  } catch (error) {
    return wordError(error, task.folder);
  }
}

function byPath(a: string, b: string): number {
  return Buffer.from(a).compare(Buffer.from(b));
}

function wordError(error: unknown, folder: string): PackReply {
  if (error instanceof TooLarge) return { kind: 'too-large', bytes: error.bytes };
  if (findDiskFault(error) === 'full') return { kind: 'disk-full' };
  const message = error instanceof Error ? error.message : 'unknown';
  const problem = message.replaceAll(folder, '').replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ');
  return { kind: 'failed', problem: problem.trim().slice(0, 200) };
}

parentPort?.on('message', (task: PackTask) => {
  void pack(task).then((reply) => parentPort?.postMessage(reply));
});
