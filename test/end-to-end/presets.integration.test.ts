/** What somebody does who has just cloned Weir: one command on files of every format, without any settings, in an empty directory. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { presetNames } from '../../ingest/decode/index.ts';
import { weir } from '../support/weir.ts';

const directory = mkdtempSync(join(tmpdir(), 'weir-fresh-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const second = (index: number): string => `2026-03-02 10:00:${String(index).padStart(2, '0')}`;
const rows = (count: number, row: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => `${row(index)}\n`).join('');

const celEvent = (event: string, time: string, call: number): string =>
  `"${event}","${time}","","100","","","","4930","internal","PJSIP/100-0001","","","3","","${call}.0","${call}.0","","","","",""\n`;

/** One small file for each preset, with how many records it holds and what is left out. */
const fixtures: Record<string, { file: string; text: string; stored: number; dropped: number }> = {
  'asterisk-cdr': {
    file: 'Master.csv',
    text: rows(
      5,
      (i) =>
        `"","100","493012${i}","internal","""A"" <100>","PJSIP/100-0${i}","PJSIP/trunk-a-0${i}","Dial","PJSIP/4930","${second(i)}","${second(i)}","2026-03-02 10:01:05",65,60,"ANSWERED","DOCUMENTATION","177244560${i}.1",""`,
    ),
    stored: 5,
    dropped: 0,
  },
  'asterisk-cel': {
    file: 'cel.csv',
    text: [1, 2, 3]
      .map(
        (call) =>
          celEvent('CHAN_START', '1772445600.5', call) +
          celEvent('ANSWER', '1772445602.5', call) +
          celEvent('CHAN_END', '1772445612.6', call),
      )
      .join(''),
    stored: 3,
    dropped: 6,
  },
  'freeswitch-csv': {
    file: 'cdr.csv',
    text: rows(
      4,
      (i) =>
        `"A","100","4930","default","${second(i)}","${second(i + 1)}","2026-03-02 10:00:20","20","19","NORMAL_CLEARING","1b671a64-40d5-491e-99b0-da01ff1f334${i}","",""`,
    ),
    stored: 4,
    dropped: 0,
  },
  'freeswitch-json': {
    file: 'a.cdr.json',
    text: JSON.stringify(
      {
        'core-uuid': 'c',
        switchname: 'sw1',
        variables: {
          uuid: 'u',
          direction: 'inbound',
          sip_from_user: '%2B4930',
          sip_to_user: '100',
          start_uepoch: '1772445600000000',
          answer_uepoch: '1772445602000000',
          end_uepoch: '1772445662500000',
          mduration: '62500',
          billmsec: '60500',
          hangup_cause: 'NORMAL_CLEARING',
        },
      },
      null,
      1,
    ),
    stored: 1,
    dropped: 0,
  },
  'radius-detail': {
    file: 'detail-20260302',
    text: [1, 2, 3]
      .map(
        (i) =>
          `Mon Mar  2 10:00:00 2026\n\tAcct-Status-Type = Stop\n\tUser-Name = "u${i}@isp"\n\tAcct-Session-Id = "S${i}"\n\tNAS-Identifier = "bras1"\n\tAcct-Session-Time = 120\n\tAcct-Input-Octets = 5\n\tAcct-Input-Gigawords = 2\n\tAcct-Output-Octets = 99\n\tTimestamp = 1772445610\n\n`,
      )
      .join(''),
    stored: 3,
    dropped: 0,
  },
  'telegraf-json': {
    file: 'metrics.json',
    text: rows(
      3,
      (i) => `{"name":"optics","tags":{"host":"p","device":"ont${i}"},"fields":{"rx_power":-19.5,"note":"x"},"timestamp":177244560${i}}`,
    ),
    stored: 3,
    dropped: 3,
  },
  json: {
    file: 'telemetry.json',
    text: rows(3, (i) => `{"device":"a${i}","metric":"rx","value":1.5,"unit":"dBm","time":"2026-03-02T10:00:0${i}Z"}`),
    stored: 3,
    dropped: 0,
  },
  'weir-csv': {
    file: 'export.csv',
    text: `leg,service,start_time,duration_seconds,charge,currency\n${rows(4, (i) => `billing,voice,2026-03-02T10:00:0${i}Z,60,0.50,EUR`)}`,
    stored: 4,
    dropped: 1,
  },
  'weir-json': {
    file: 'subscriptions.json',
    text: rows(
      2,
      (i) => `{"system":"crm","status":"active","valid_from":"2026-01-0${i + 1}T00:00:00Z","subscription_number":"493012${i}"}`,
    ),
    stored: 2,
    dropped: 0,
  },
};

it('takes every preset by its content alone, and the accounting balances', { timeout: 300_000 }, async () => {
  expect(Object.keys(fixtures).sort()).toEqual(presetNames().sort());
  for (const { file, text } of Object.values(fixtures)) writeFileSync(join(directory, file), text);
  const paths = Object.values(fixtures).map(({ file }) => file);
  const result = await weir(['ingest', ...paths, '--json'], { cwd: directory });
  expect(result.stderr).toBe('');
  const { files, failures } = JSON.parse(result.stdout) as {
    files: { name: string; state: string; stored: number; dropped: number; rejected: number; error: string }[];
    failures: object[];
  };
  expect(failures).toEqual([]);
  expect(files.map(({ name, state, stored, dropped, rejected, error }) => ({ name, state, stored, dropped, rejected, error }))).toEqual(
    Object.values(fixtures).map(({ file, stored, dropped }) => ({ name: file, state: 'stored', stored, dropped, rejected: 0, error: '' })),
  );
  expect(result.code).toBe(0);

  const accounting = await weir(['accounting', '--json'], { cwd: directory });
  expect(accounting.code, accounting.stdout + accounting.stderr).toBe(0);
  const { balanced, sources } = JSON.parse(accounting.stdout) as { balanced: boolean; sources: { source: string; in_flight: string }[] };
  expect(balanced).toBe(true);
  expect(sources.map(({ in_flight }) => in_flight)).toEqual(sources.map(() => '0'));

  // The commands started a ClickHouse of their own, and took it with them.
  expect(execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).includes(directory)).toBe(false);
});
