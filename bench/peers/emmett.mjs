// Emmett on PostgreSQL: append, and a consumer with a Pongo projection catching up.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { randomUUID } from 'node:crypto';

const job = JSON.parse(process.argv[2]);
const require = createRequire(job.node_modules + '/');
const { getPostgreSQLEventStore, pongoSingleStreamProjection } = require('@event-driven-io/emmett-postgresql');
const pg = require('pg');

const say = (message) => process.stdout.write(JSON.stringify(message) + '\n');
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const go = async () => {
  say({ ready: true });
  if ((await lines.next()).done) process.exit(3);
};

// The same content as bench/facts.py; Emmett keeps its envelope in metadata.
const data = {
  mentor_id: '0190f3a2-7c1b-7e55-9d3a-00000000002a',
  child_id: '7d1d2c1e-5a3b-7f6e-8a9b-000000000001',
  minutes: 45,
  area: 'reading',
  effective_on: '2025-11-03',
  note: 'Read two chapters aloud.',
};
const metadata = {
  source: '/uk-london/sessions',
  time: '2025-11-03T10:49:12.123456Z',
  region: 'uk-london',
  correlationid: '0190f3a2-7c1b-7e55-9d3a-0000000003e8',
  actor: 'mentor-42',
  salt: 'c29tZSBzYWx0IG9mIDE2IGI',
};
const fact = () => ({ type: 'SessionLogged', data, metadata });

const minutes = pongoSingleStreamProjection({
  collectionName: 'minutes',
  canHandle: ['SessionLogged'],
  initialState: () => ({ facts: 0, minutes: 0 }),
  evolve: (row, event) => ({ facts: row.facts + 1, minutes: row.minutes + event.data.minutes }),
});

const pool = new pg.Pool({ connectionString: job.database_url, max: 40 });
const store = getPostgreSQLEventStore(job.database_url, { connectionOptions: { pool } });
const elapsed = (started) => (performance.now() - started) / 1000;

const steps = {
  async setup() {
    await store.schema.migrate();
    for (let done = 0; done < job.count; done += 100)
      await store.appendToStream('session-' + randomUUID(), Array.from({ length: 100 }, fact));
    await go();
    return { count: job.count, seconds: 1 };
  },
  async append() {
    // V8 compiles what runs often: a process that has served for a while is what is compared.
    for (let turn = 0; turn < 10; turn += 1)
      await Promise.all(Array.from({ length: 40 }, () => store.appendToStream('session-' + randomUUID(), [fact()])));
    await go();
    let done = 0;
    const started = performance.now();
    const caller = async () => {
      while (elapsed(started) < job.seconds) {
        await store.appendToStream('session-' + randomUUID(), [fact()]);
        done += 1;
      }
    };
    await Promise.all(Array.from({ length: job.callers }, caller));
    return { count: done, seconds: elapsed(started) };
  },
  async catch_up() {
    const consumer = store.consumer({ stopWhen: { noMessagesLeft: true }, pulling: { batchSize: 500 } });
    consumer.projector({ processorId: 'p' + randomUUID(), projection: minutes, startFrom: 'BEGINNING' });
    await go();
    const started = performance.now();
    await consumer.start();
    return { count: job.count, seconds: elapsed(started) };
  },
};

say({ sample: await steps[job.step]() });
process.exit(0);
