/** Maintenance over a real ClickHouse: entered by API and command line, read by detection, cancelled; and days of the reference kind. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { withClickHouse } from '../../test/clickhouse.ts';
import { createCalendars } from '../calendar/calendar.ts';
import { readCalendarDays } from '../calendar/reference.ts';
import { main } from '../cli/main.ts';
import { parseSettings } from '../settings/load.ts';
import { createMaintenanceBook } from './book.ts';
import { createMaintenance } from './maintenance.ts';

const clickhouse = withClickHouse();
const hour = 3_600_000;
const noon = Date.UTC(2026, 10, 21, 12);
const clock = { instant: noon, now: () => clock.instant };
const settings = parseSettings(
  `timeZone: Europe/Berlin
calendars:
  home:
    maintenance: [{ weekly: 'sun 02:00-04:00', match: { leg: mediation }, reason: database backup }]`,
  'weir.yaml',
);
const bookOf = (tenant = 'main') => createMaintenanceBook({ store: clickhouse.store, clock, tenant });
const readerOf = (tenant = 'main') => createMaintenance({ store: clickhouse.store, tenant, settings });

describe('windows', () => {
  it('hold what they match while they last, for their tenant alone, until cancelled', async () => {
    const maintenance = readerOf();
    const labels = { leg: 'switch', node: 'msc-1', service: 'voice' };
    expect(maintenance.holds(labels, noon, noon + hour)).toBeUndefined();
    const window = await bookOf().add(
      { kind: 'window', matchers: { node: 'msc-1' }, startsAt: noon + hour, endsAt: noon + 3 * hour, reason: 'software' },
      'ann',
    );
    await maintenance.refresh(noon);
    const hold = { id: window.maintenance_id, reason: 'software' };
    expect(maintenance.holds(labels, noon, noon + hour)).toBeUndefined();
    expect(maintenance.holds(labels, noon + hour, noon + 2 * hour)).toEqual(hold);
    expect(maintenance.holds({ ...labels, node: 'msc-2' }, noon + hour, noon + 2 * hour)).toBeUndefined();
    const other = readerOf('other');
    await other.refresh(noon);
    expect(other.holds(labels, noon + hour, noon + 2 * hour)).toBeUndefined();

    clock.instant = noon + 2 * hour;
    expect(await bookOf('other').cancel(window.maintenance_id, 'eve')).toEqual({ outcome: 'not_found' });
    expect(await bookOf().cancel(window.maintenance_id, 'bob')).toMatchObject({ outcome: 'changed', window: { version: 2, actor: 'bob' } });
    expect(await bookOf().cancel(window.maintenance_id, 'bob')).toMatchObject({ outcome: 'unchanged' });
    await maintenance.refresh(clock.instant);
    expect(maintenance.holds(labels, noon + hour, noon + 2 * hour), 'what it had held stays held').toEqual(hold);
    expect(maintenance.holds(labels, noon + 2 * hour, noon + 3 * hour)).toBeUndefined();
    expect(await bookOf().find('mnt_')).toHaveLength(1);
  });

  it('that have ended are not cancelled any more, and are forgotten after weeks', async () => {
    clock.instant = noon;
    const window = await bookOf().add({ kind: 'silence', matchers: { source: 'a' }, endsAt: noon + hour, reason: 'noise' }, 'ann');
    clock.instant = noon + 2 * hour;
    expect(await bookOf().cancel(window.maintenance_id, 'ann')).toMatchObject({ outcome: 'refused' });
    const maintenance = readerOf();
    await maintenance.refresh(noon + 2 * hour);
    expect(maintenance.holds({ source: 'a' }, noon, noon + 1)).toMatchObject({ reason: 'noise' });
    await maintenance.refresh(noon + 40 * 24 * hour);
    expect(maintenance.holds({ source: 'a' }, noon, noon + 1)).toBeUndefined();
  });

  it('without labels, end or reason are refused', async () => {
    const entry = { kind: 'window', matchers: { a: 'b' }, startsAt: noon, endsAt: noon + hour, reason: 'x' } as const;
    for (const wrong of [
      { matchers: {} },
      { endsAt: noon },
      { endsAt: Number.NaN },
      { endsAt: noon + 400 * 24 * hour },
      { reason: ' ' },
      { startsAt: -1 },
    ])
      await expect(bookOf().add({ ...entry, ...wrong }, 'ann'), JSON.stringify(wrong)).rejects.toMatchObject({ code: 'usage' });
  });

  it('of the settings come again every week, by the clock of the operator', () => {
    const maintenance = readerOf();
    const sunday = Date.UTC(2026, 10, 22, 1);
    expect(maintenance.holds({ leg: 'mediation' }, sunday, sunday + 60_000)).toEqual({
      id: 'calendars.home.maintenance.0',
      reason: 'database backup',
    });
    expect(maintenance.holds({ leg: 'mediation' }, sunday - 60_000, sunday)).toBeUndefined();
    expect(maintenance.holds({ leg: 'rating' }, sunday, sunday + 60_000)).toBeUndefined();
  });
});

describe('weir maintenance', () => {
  const directory = mkdtempSync(join(tmpdir(), 'weir-maintenance-'));
  const config = join(directory, 'weir.yaml');
  let said = '';
  beforeAll(() => {
    const { url, credentials } = clickhouse.server;
    writeFileSync(
      config,
      `tenant: cli\ntimeZone: Europe/Berlin\nclickhouse: { url: '${url}', user: weir, password: '${credentials.weir}' }\n`,
    );
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      said += String(text);
      return true;
    });
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      said += String(text);
      return true;
    });
  });
  afterAll(() => {
    vi.restoreAllMocks();
    rmSync(directory, { recursive: true });
  });
  const weir = async (...args: string[]): Promise<{ code: number; text: string }> => {
    said = '';
    const code = await main(['maintenance', ...args, '--config', config, '--data', directory]);
    return { code, text: said };
  };

  it('enters, lists and cancels, and leaves its trace in the audit', async () => {
    expect((await weir('list')).text).toContain('No maintenance');
    const added = await weir(
      'add',
      '--match',
      'source=msc-1',
      'leg=switch',
      '--from',
      '2030-07-01T02:00',
      '--for',
      '2h',
      '--reason',
      'new software',
      '--json',
    );
    expect(added.code, added.text).toBe(0);
    const window = JSON.parse(added.text);
    expect(window).toMatchObject({
      matchers: { source: 'msc-1', leg: 'switch' },
      starts_at: '2030-07-01T00:00:00.000Z',
      ends_at: '2030-07-01T02:00:00.000Z',
    });
    const listed = await weir();
    expect(listed.text).toMatch(/planned +2030-07-01 00:00 +2030-07-01 02:00 +\S+ \S+ +new software/);
    expect((await weir('cancel', window.maintenance_id.slice(0, 10))).text).toContain('cancelled');
    expect((await weir('list')).text).toContain('No maintenance');
    expect(JSON.parse((await weir('list', '--all', '--json')).text).items).toMatchObject([{ state: 'cancelled', version: 2 }]);
    const audit = await clickhouse.store.select("SELECT action, target, origin FROM audit WHERE tenant = 'cli' ORDER BY at, action");
    expect(audit).toEqual([
      { action: 'maintenance.add', target: window.maintenance_id, origin: 'cli' },
      { action: 'maintenance.cancel', target: window.maintenance_id, origin: 'cli' },
    ]);
  });

  it('says what is wrong', async () => {
    const wrong = ['add', '--match', 'a=b', '--reason', 'x'];
    for (const args of [
      wrong,
      [...wrong, '--to', 'tomorrow'],
      [...wrong, '--for', '2'],
      [...wrong, '--for', '1h', '--to', '2030-01-01'],
      ['add', '--match', 'a', '--for', '1h', '--reason', 'x'],
      ['add', '--for', '1h', '--reason', 'x'],
    ])
      expect((await weir(...args)).code, args.join(' ')).toBe(2);
    expect(await weir('cancel', 'mnt_none')).toMatchObject({ code: 1, text: expect.stringContaining('no maintenance') });
  });
});

describe('days of the reference kind', () => {
  it('are read as they were last stated, and merge into calendars', async () => {
    const row = (position: number, day_type: string, name: string, ingest_time: string) => ({
      tenant: 'main',
      source: 'days',
      partition: 'p',
      position,
      record_id: '00000000-0000-0000-0000-000000000000',
      ingest_time,
      calendar: 'home',
      day: '2026-06-16 22:00:00.000',
      day_type,
      name,
    });
    await clickhouse.store.insert(
      'calendar_days',
      [row(1, 'event', 'old', '2026-01-01 00:00:00.000'), row(0, 'holiday', 'mourning', '2026-02-01 00:00:00.000')],
      'days',
    );
    const rows = await readCalendarDays(clickhouse.store, 'main');
    expect(rows).toEqual([{ calendar: 'home', day: Date.UTC(2026, 5, 16, 22), day_type: 'holiday', name: 'mourning' }]);
    expect(createCalendars(settings, rows).dayOf('home', Date.UTC(2026, 5, 17, 10))).toMatchObject({ likeDay: 4, name: 'mourning' });
    expect(await readCalendarDays(clickhouse.store, 'other')).toEqual([]);
  });
});
