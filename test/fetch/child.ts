/** The process that tests kill: runs the source given as JSON in its first argument until it is killed. */
import { connect } from '../../sql/store.ts';
import { startSource } from './source.ts';

const given = JSON.parse(process.argv[2] ?? '{}') as { url: string; password: string; yaml: string; spool: string };
const store = connect({ url: given.url, user: 'weir', password: given.password });
const running = await startSource({ store, yaml: given.yaml, spool: given.spool });
process.send?.('started');
await running.taken(Number.MAX_SAFE_INTEGER, 2 ** 31 - 1);
