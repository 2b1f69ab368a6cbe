import { expect, it } from 'vitest';
import { parseSettings } from '../settings/load.ts';
import { processesOf, processName } from './role.ts';

const topics = 'kafka: { brokers: a:9092, processes: 3 }\n';

it('only what reads topics has several processes', () => {
  const reads = parseSettings(`${topics}sources: { calls: { type: kafka, topics: [calls], format: weir-json } }\n`, 'weir.yaml');
  expect(processesOf('ingest', reads)).toEqual(['ingest', 'ingest-2', 'ingest-3']);
  expect(processesOf('detect', reads)).toEqual(['detect']);
  const posts = parseSettings(`${topics}sources: { calls: { type: http, format: weir-json } }\n`, 'weir.yaml');
  expect(processesOf('ingest', posts)).toEqual(['ingest']);
});

it('the first process has the name of its role', () => {
  expect([processName('ingest'), processName('ingest', 2)]).toEqual(['ingest', 'ingest-2']);
});
