import Sqlite from 'better-sqlite3';
import { Kysely, sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildOneWriterDialects } from '../../../src/store/engine/one-writer.ts';

const full = 2;
const normal = 1;

describe('durable and relaxed writes on one connection', () => {
  let sqlite: Sqlite.Database;
  let durable: Kysely<unknown>;
  let relaxed: Kysely<unknown>;

  beforeEach(() => {
    sqlite = new Sqlite(':memory:');
    sqlite.pragma('synchronous = FULL');
    sqlite.exec('create table seen (how text, synchronous int)');
    const dialects = buildOneWriterDialects(sqlite, () => undefined);
    durable = new Kysely({ dialect: dialects.durable });
    relaxed = new Kysely({ dialect: dialects.relaxed });
  });

  afterEach(async () => {
    await relaxed.destroy();
    await durable.destroy();
  });

  const write = async (db: Kysely<unknown>, how: string): Promise<void> => {
    await db.transaction().execute(async (trx) => {
      await sql`insert into seen select ${how}, synchronous from pragma_synchronous`.execute(trx);
      await new Promise(setImmediate);
      await sql`insert into seen select ${how}, synchronous from pragma_synchronous`.execute(trx);
    });
  };

  it('take turns, and only the relaxed ones do not wait for the disk', async () => {
    const work = Array.from({ length: 12 }, async (_, index) =>
      write(index % 3 === 0 ? durable : relaxed, index % 3 === 0 ? 'durable' : 'relaxed'),
    );
    await Promise.all(work);
    const seen = sqlite.prepare('select how, synchronous, count(*) as times from seen group by 1, 2').all();
    expect(seen).toEqual([
      { how: 'durable', synchronous: full, times: 8 },
      { how: 'relaxed', synchronous: normal, times: 16 },
    ]);
  });

  it('leave the connection durable, also when a relaxed write fails', async () => {
    const failing = relaxed.transaction().execute(async (trx) => {
      await sql`insert into seen values ('lost', 0)`.execute(trx);
      await sql`insert into nowhere values (1)`.execute(trx);
    });
    await expect(failing).rejects.toThrow('no such table');
    await expect(sql`insert into nowhere values (1)`.execute(relaxed)).rejects.toThrow('no such table');
    expect(sqlite.pragma('synchronous', { simple: true })).toBe(full);
    expect(sqlite.prepare('select count(*) from seen').pluck().get()).toBe(0);
  });
});
