import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkSettings } from '../../app/cli/commands/settings.ts';
import { formatOf } from '../../app/pipeline/format-of.ts';
import { parseSettings } from '../../app/settings/load.ts';
import { root } from '../../docs/generate/pages.ts';
import { ispFiles } from '../../examples/isp/make.ts';
import { mvnoFiles } from '../../examples/mvno/make.ts';
import { decodeAll } from '../../ingest/decode/sink-for-tests.ts';
import { sniff } from '../../ingest/decode/sniff.ts';

const yaml = readFileSync(`${root}/examples/mvno/weir.yaml`, 'utf8');

describe('the example of an MVNO', () => {
  const settings = parseSettings(yaml, 'examples/mvno/weir.yaml');

  it('reads its file to the control totals of the trailer', () => {
    const { noted, decoder } = decodeAll(
      formatOf('switch', settings.sources['switch']!),
      readFileSync(`${root}/examples/mvno/inbox/switch/MSC1_000041_20261102.csv`),
      { fileName: 'MSC1_000041_20261102.csv' },
    );
    expect(noted.map(({ outcome, reason }) => reason || outcome)).toEqual([
      'header',
      'accepted',
      'accepted',
      'accepted',
      'test_call',
      'trailer',
    ]);
    const records = noted.filter(({ outcome }) => outcome === 'accepted').map(({ record }) => record);
    expect(records[0]).toMatchObject({ answered: true, charge: 91_000, route: 'carrier-a', start_time: Date.UTC(2026, 10, 2, 7, 0, 4) });
    const charge = records.reduce((sum, record) => sum + Number(record['charge'] ?? 0), 0);
    const seconds = records.reduce((sum, record) => sum + Number(record['duration_seconds'] ?? 0), 0);
    expect(decoder.declared()).toMatchObject({ records: 4, seconds, charge });
  });
});

describe.each([
  ['mvno', mvnoFiles(), ['switch']],
  ['isp', ispFiles(), []],
] as const)('the example %s', (name, files, others) => {
  const directory = `${root}/examples/${name}`;

  it('is what its script makes', () => {
    for (const [file, text] of Object.entries(files)) expect(readFileSync(`${directory}/inbox/${file}`, 'utf8'), file).toBe(text);
    const made = new Set(Object.keys(files).map((file) => file.split('/')[0]));
    expect(readdirSync(`${directory}/inbox`).filter((folder) => !made.has(folder))).toEqual(others);
  });

  it('has settings that the check accepts', () => {
    expect(checkSettings(parseSettings(readFileSync(`${directory}/weir.yaml`, 'utf8'), `examples/${name}/weir.yaml`))).toEqual([]);
  });
});

it('recognises the calls of the README: 19 rows, one with an impossible time', () => {
  const bytes = readFileSync(`${root}/examples/calls.csv`);
  const { format } = sniff(bytes, 'calls.csv', { timeZone: 'Europe/Berlin' });
  const outcomes = decodeAll(format, bytes).noted.map(({ outcome, reason }) => reason || outcome);
  expect(outcomes.filter((one) => one === 'accepted').length).toBe(18);
  expect(outcomes[9]).toBe('bad_time');
  expect(outcomes[0]).toBe('header');
});
