// Runs ClickHouse inside this process, for as long as the process that started it lives. Plain JavaScript, so that it starts alike
// from the sources and from dist/.
// Usage: node launcher.mjs LIBRARY ARGUMENT…   (the arguments of `clickhouse local`), with the life-line as descriptor 3
import { Socket } from 'node:net';
import { isMainThread, Worker } from 'node:worker_threads';
import { DataType, load, open } from 'ffi-rs';

const lifeline = 3;

if (isMainThread) run();
else watch();

/** ClickHouse takes this thread until it ends. ffi-rs calls on the native stack; its stack check stops what switches stacks. */
function run() {
  const [library, ...rest] = process.argv.slice(2);
  if (library === undefined) {
    console.error('usage: launcher.mjs LIBRARY ARGUMENT…');
    process.exit(2);
  }
  new Worker(new URL(import.meta.url), { execArgv: [] });
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
}

/** Waits in a thread of its own for the other end to close, which happens too when the parent is killed. */
function watch() {
  const end = new Socket({ fd: lifeline, readable: true, writable: false });
  end.resume();
  end.once('error', stop);
  end.once('end', stop);
}

function stop() {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), 10_000);
}
