// Runs ClickHouse inside this process and ends with it. Plain JavaScript, so that it starts alike from the sources and from dist/.
// Usage: node launcher.mjs LIBRARY ARGUMENT…   (the arguments of `clickhouse local`)
// ffi-rs calls on the native stack; libraries that switch stacks are stopped by ClickHouse's own stack check.
import { DataType, load, open } from 'ffi-rs';

const [library, ...rest] = process.argv.slice(2);
if (library === undefined) {
  console.error('usage: launcher.mjs LIBRARY ARGUMENT…');
  process.exit(2);
}
const argv = ['clickhouse', ...rest];
open({ library: 'clickhouse', path: library });
load({
  library: 'clickhouse',
  funcName: 'chdb_query_cmdline',
  retType: DataType.External,
  paramsType: [DataType.I32, DataType.StringArray],
  paramsValue: [argv.length, argv],
});
process.exit(0);
