/**
 * Prints the statements that make the users of Weir on a real ClickHouse server, for its administrator:
 * `npx tsx examples/clickhouse/access.ts DIRECTORY [CLUSTER]`. Passwords come from DIRECTORY/credentials, made at the first run.
 */
import { accessSql } from '../../sql/access.ts';
import { credentialsOf } from '../../sql/credentials.ts';

const [directory = './data', cluster] = process.argv.slice(2);
process.stdout.write(
  ['CREATE DATABASE IF NOT EXISTS weir', ...accessSql(credentialsOf(directory), cluster)].map((statement) => `${statement};\n`).join(''),
);
