import { rmSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { TooLarge } from '../packing/write-tarball.ts';
import { findDiskFault } from '../system/disk-trouble.ts';
import type { CheckReply, CheckTask } from './check-task.ts';
import { checkSigned, Differs } from './compare.ts';
import { copySigned, keep } from './keep-signed.ts';

/**
 * Checks a copy instead of the signer's file, so that a process left behind by the signer cannot change it afterwards.
 */
function check(task: CheckTask): CheckReply {
  try {
    const tarball = copySigned(task);
    checkSigned(task, task.temporaryFile);
    keep(task);
    return { kind: 'kept', tarball };
  } catch (error) {
    rmSync(task.temporaryFile, { force: true });
    return explain(error);
  }
}

function explain(error: unknown): CheckReply {
  if (error instanceof TooLarge) return { kind: 'too-large', bytes: error.bytes };
  if (error instanceof Differs) return { kind: 'differs', problem: error.message };
  if (findDiskFault(error) === 'full') return { kind: 'disk-full' };
  return { kind: 'differs', problem: 'cannot be read as a tarball' };
}

parentPort?.on('message', (task: CheckTask) => parentPort?.postMessage(check(task)));
