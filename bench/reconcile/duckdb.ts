/**
 * The peer of the reconciliation benchmark: DuckDB over Parquet files of the same records, the same steps as plain SQL. Full outer join over
 * the identifiers that are unique in their leg; ASOF join within the tolerance for what is left, the nearest of those that want one record
 * keeps it; classes; everything written to a table. It does less than `weir reconcile`: no search by smallest cost, no sums by day, no
 * money, no causes.
 *
 *     npx tsx bench/reconcile/duckdb.ts DIRECTORY     expects a.parquet and b.parquet there, prints one line of JSON
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

export interface PeerResult {
  readonly ms: number;
  /** Processor time, user and system. */
  readonly cpuSeconds: number;
  readonly exact: number;
  readonly within_tolerance: number;
  readonly mismatch: number;
  readonly a_only: number;
  readonly b_only: number;
  /** Pairs that share a record with another pair: must be none. */
  readonly shared: number;
  /** Most memory that was resident, in bytes. */
  readonly memory: number;
}

const columns =
  'record_id, service, subscriber, other_party_suffix AS other, charging_id AS id, partial_sequence AS part, rating_group AS rating, epoch_ms(start_time) AS start, CAST(billable_seconds * 1000 AS BIGINT) AS ms, octets_up + octets_down AS octets, charge';

const classOf = `CASE
    WHEN abs(b.start - a.start) < 1000 AND a.ms = b.ms AND a.octets = b.octets AND a.charge = b.charge THEN 'exact'
    WHEN abs(b.start - a.start) <= 60000 AND abs(b.ms - a.ms) <= 2000
      AND abs(CAST(b.octets AS DOUBLE) - a.octets) <= greatest(1024, 0.01 * a.octets)
      AND abs(b.charge - a.charge) <= greatest(0.01, 0.005 * abs(a.charge)) THEN 'within_tolerance'
    ELSE 'mismatch' END`;

const sides = ['service', 'subscriber', 'other'].map((name) => `coalesce(a.${name}, b.${name}) AS ${name}`).join(', ');
const both = ['record_id', 'start', 'ms', 'octets', 'charge'].map((name) => `a.${name} AS ${name}_a, b.${name} AS ${name}_b`).join(', ');

/** Reconciles `a.parquet` with `b.parquet` of a directory into the table `pairs` of a database there. */
export async function reconcileWithDuckDb(directory: string, threads = 2): Promise<PeerResult> {
  const file = join(directory, 'peer.duckdb');
  rmSync(file, { force: true });
  const db = await DuckDBInstance.create(file, { threads: `${threads}`, memory_limit: '6GB', temp_directory: join(directory, 'spill') });
  const connection = await db.connect();
  await connection.run('SET preserve_insertion_order = false');
  const began = performance.now();
  const cpu = process.cpuUsage();
  for (const statement of statements(directory)) await connection.run(statement);
  const ms = performance.now() - began;
  const { user, system } = process.cpuUsage(cpu);
  const result = await counted(connection);
  connection.closeSync();
  db.closeSync();
  return { ms, cpuSeconds: (user + system) / 1e6, ...result, memory: process.resourceUsage().maxRSS * 1024 };
}

function statements(directory: string): readonly string[] {
  const leg = (name: string): string =>
    `(SELECT ${columns} FROM read_parquet('${join(directory, `${name}.parquet`).replaceAll("'", "''")}'))`;
  const repeated = (name: string): string => `SELECT id FROM ${leg(name)} WHERE id <> '' GROUP BY id, part, rating HAVING count(*) > 1`;
  const keyed = (name: string): string => `(SELECT * FROM ${leg(name)} WHERE id <> '' AND id NOT IN (SELECT id FROM repeated))`;
  const unkeyed = (name: string): string => `SELECT * FROM ${leg(name)} WHERE id = '' OR id IN (SELECT id FROM repeated)`;
  const open = (side: 'a' | 'b'): string => {
    const of = ['record_id', 'service', 'subscriber', 'other', 'start', 'ms', 'octets', 'charge'];
    const stated = of.map((name) => (['service', 'subscriber', 'other'].includes(name) ? name : `${name}_${side} AS ${name}`)).join(', ');
    return `CREATE TEMP TABLE open_${side} AS SELECT ${stated} FROM joined WHERE class = '${side}_only' UNION ALL SELECT ${of.join(', ')} FROM (${unkeyed(side)})`;
  };
  return [
    `CREATE TEMP TABLE repeated AS ${repeated('a')} UNION ${repeated('b')}`,
    `CREATE TABLE joined AS
     SELECT ${both}, ${sides}, CASE WHEN b.record_id IS NULL THEN 'a_only' WHEN a.record_id IS NULL THEN 'b_only' ELSE ${classOf} END AS class
     FROM ${keyed('a')} AS a FULL OUTER JOIN ${keyed('b')} AS b ON a.id = b.id AND a.part = b.part AND a.rating = b.rating`,
    open('a'),
    open('b'),
    `CREATE TEMP TABLE near AS
     SELECT a.record_id AS one, b.record_id AS other
     FROM (SELECT *, start + 60000 AS until FROM open_a) AS a
     ASOF JOIN open_b AS b ON a.subscriber = b.subscriber AND a.service = b.service AND a.other = b.other AND a.until >= b.start
     WHERE b.start >= a.start - 60000
     QUALIFY row_number() OVER (PARTITION BY b.record_id ORDER BY abs(b.start - a.start), a.start, a.record_id) = 1`,
    "DELETE FROM joined WHERE class IN ('a_only', 'b_only')",
    `INSERT INTO joined SELECT ${both}, ${sides}, ${classOf} AS class
     FROM near JOIN open_a AS a ON a.record_id = near.one JOIN open_b AS b ON b.record_id = near.other`,
    `INSERT INTO joined SELECT ${both}, ${sides}, CASE WHEN b.record_id IS NULL THEN 'a_only' ELSE 'b_only' END
     FROM (SELECT * FROM open_a WHERE record_id NOT IN (SELECT one FROM near)) AS a
     FULL OUTER JOIN (SELECT * FROM open_b WHERE record_id NOT IN (SELECT other FROM near)) AS b ON false`,
    'ALTER TABLE joined RENAME TO pairs',
    'CHECKPOINT',
  ];
}

async function counted(connection: DuckDBConnection): Promise<Omit<PeerResult, 'ms' | 'cpuSeconds' | 'memory'>> {
  const of = ['exact', 'within_tolerance', 'mismatch', 'a_only', 'b_only'] as const;
  const counts = of.map((name) => `count(*) FILTER (class = '${name}') AS ${name}`).join(', ');
  const shared = ['a', 'b'].map((side) => `count(record_id_${side}) - count(DISTINCT record_id_${side})`).join(' + ');
  const [row] = (await connection.runAndReadAll(`SELECT ${counts}, ${shared} AS shared FROM pairs`)).getRowObjects();
  const number = (name: string): number => Number(row?.[name]);
  return {
    exact: number('exact'),
    within_tolerance: number('within_tolerance'),
    mismatch: number('mismatch'),
    a_only: number('a_only'),
    b_only: number('b_only'),
    shared: number('shared'),
  };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const directory = process.argv[2];
  if (!directory) throw new Error('which directory?');
  reconcileWithDuckDb(directory).then(
    (result) => console.log(JSON.stringify(result)),
    (error: unknown) => {
      console.error(error);
      process.exitCode = 1;
    },
  );
}
