import { readFileSync } from 'node:fs';
import type { LogLine } from '../../sandbox/process.ts';
import type { World } from '../../sandbox/world.ts';
import { readCount } from '../world/stored-rows.ts';
import type { Random } from './seeded.ts';

interface Killable {
  kill(signal: 'SIGKILL'): void;
}

/** Kills the process again and again, and starts it anew. */
export interface Killer {
  /** Takes every line of the process's log. */
  see(line: LogLine, process: Killable): void;
  /** Starts the process again whenever it was killed, until the returned function is called. */
  supervise(world: World): () => Promise<void>;
  /** Resolves when a process listens again. */
  revived(): Promise<void>;
  isRunning(): boolean;
  /** Throws an error that happened meanwhile, such as a process that ended by itself. */
  check(): void;
  /** Stops the kills. */
  rest(): void;
  kills(): number;
}

/** The third crash of a job ends it, but here every job is to be published. */
const crashesAtMost = 2;
const delayAtMostMs = 400;

/** Kills the process a random moment after a random number of jobs ended. */
export function buildKiller(random: Random, jobsPerKill: number): Killer {
  return new SeededKiller(random, jobsPerKill);
}

class SeededKiller implements Killer {
  readonly #random: Random;
  readonly #jobsPerKill: number;
  #world: World | undefined;
  #left: number;
  #timer: NodeJS.Timeout | undefined;
  #isResting = false;
  #isOver = false;
  #kills = 0;
  #trouble: Error | undefined;
  #starting: Promise<void> | undefined;

  constructor(random: Random, jobsPerKill: number) {
    this.#random = random;
    this.#jobsPerKill = jobsPerKill;
    this.#left = this.#draw();
  }

  #draw(): number {
    return 1 + this.#random(2 * this.#jobsPerKill - 1);
  }

  see(line: LogLine, process: Killable): void {
    if (line.msg !== 'job finished' || this.#isResting) return;
    this.#left -= 1;
    if (this.#left > 0 || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => this.#kill(process), this.#random(delayAtMostMs));
  }

  #kill(process: Killable): void {
    this.#timer = undefined;
    this.#left = this.#draw();
    if (this.#isResting || this.#world === undefined || this.#wouldEndJobs(this.#world)) return;
    this.#kills += 1;
    process.kill('SIGKILL');
  }

  #wouldEndJobs(world: World): boolean {
    const sql = "select count(*) from jobs where status = 'running' and crashes >= ?";
    return readCount(world, sql, crashesAtMost) > 0;
  }

  supervise(world: World): () => Promise<void> {
    this.#world = world;
    const loop = this.#keepAlive(world).catch((error: unknown) => {
      this.#trouble = error as Error;
    });
    return async () => {
      this.#isOver = true;
      this.rest();
      await this.#starting?.catch(() => undefined);
      world.process.kill('SIGKILL');
      await loop;
    };
  }

  async #keepAlive(world: World): Promise<void> {
    for (;;) {
      const how = await world.process.exited;
      if (this.#isOver) return;
      if (how !== 'SIGKILL') throw new Error(`the process ended by itself (${how})`);
      this.#starting = this.#start(world);
      await this.#starting;
      this.#starting = undefined;
    }
  }

  /** A kill may come before the process listens. */
  async #start(world: World): Promise<void> {
    for (;;) {
      const before = this.#kills;
      try {
        world.process = await world.startProcess();
        return;
      } catch (error) {
        if (this.#kills === before) throw error;
      }
    }
  }

  async revived(): Promise<void> {
    await this.#starting;
    this.check();
  }

  isRunning(): boolean {
    return this.#starting === undefined;
  }

  check(): void {
    if (this.#trouble !== undefined) throw this.#trouble;
  }

  rest(): void {
    this.#isResting = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  kills(): number {
    return this.#kills;
  }
}

/** Returns the resident memory of the process, in megabytes. */
export function residentMegabytes(pid: number): number {
  const [, kilobytes = '0'] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kilobytes) / 1_024);
}
