import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { presetNamed, presetNames, presets } from './index.ts';
import { decodeAll } from './sink-for-tests.ts';

const format = (name: string, options = {}) => presetNamed(name)!.format(options);
const utc = Date.UTC;

it('names every preset of the settings', () => {
  expect(presetNames()).toEqual(
    expect.arrayContaining([
      'asterisk-cdr',
      'asterisk-cel',
      'freeswitch-csv',
      'freeswitch-json',
      'radius-detail',
      'telegraf-json',
      'json',
      'weir-csv',
      'weir-json',
    ]),
  );
  expect(presetNamed('nothing')).toBeUndefined();
  expect(presetNamed('weir-csv:nothing')).toBeUndefined();
});

describe('asterisk-cdr', () => {
  const row =
    '"","100","4930123","internal","""A"" <100>","PJSIP/100-00000001","PJSIP/trunk-a-00000002","Dial","PJSIP/4930123","2026-03-02 10:00:00","2026-03-02 10:00:05","2026-03-02 10:01:05",65,60,"ANSWERED","DOCUMENTATION","1772445600.1",""\n';
  it('reads eighteen to twenty-one columns in the zone of the switch', () => {
    const { noted } = decodeAll(
      format('asterisk-cdr', { timeZone: 'Europe/Berlin' }),
      row + row.replace('""\n', '"","","1772445600.0",7\n'),
    );
    expect(noted[0]!.record).toMatchObject({
      leg: 'switch',
      direction: 'mo',
      subscriber_number: '100',
      other_party_number: '4930123',
      start_time: utc(2026, 2, 2, 9, 0, 0),
      utc_offset_minutes: 60,
      duration_seconds: 65,
      billable_seconds: 60,
      answered: true,
      cause: 16,
      route: 'PJSIP/trunk-a',
      session_id: '1772445600.1',
    });
    expect(noted[1]!.record).toMatchObject({ session_id: '1772445600.0', charging_id: '1772445600.1', local_sequence: 7 });
    // A shorter row behind a longer one takes nothing over from it.
    const back = decodeAll(format('asterisk-cdr'), row.replace('""\n', '"","","1.0",7\n') + row).noted;
    expect(back[1]!.record).not.toHaveProperty('local_sequence');
  });
});

describe('asterisk-cel', () => {
  const cel = (event: string, time: string, unique: string, extra = '') =>
    `"${event}","${time}","","100","","","","4930","internal","PJSIP/100-0001","","","3","","${unique}","1.0","","","","${extra}",""\n`;
  it('makes one record of the events of a channel', () => {
    const text =
      cel('CHAN_START', '1772445600.5', '1.0') +
      cel('ANSWER', '1772445602.5', '1.0') +
      cel('HANGUP', '1772445612.5', '1.0', '17,x,BUSY') +
      cel('CHAN_END', '1772445612.6', '1.0');
    const { noted } = decodeAll(format('asterisk-cel'), text);
    expect(noted.map(({ outcome, reason }) => outcome + reason)).toEqual(['droppedmerged', 'droppedmerged', 'droppedmerged', 'accepted']);
    expect(noted[3]!.record).toMatchObject({
      start_time: 1_772_445_600_500,
      answered: true,
      cause: 17,
      final_status: 'BUSY',
      billable_seconds: 10.1,
      setup_delay_ms: 2000,
    });
  });
  it('reports channels without end, and holds no more than the bound', () => {
    const text = ['1.0', '2.0', '3.0', '4.0'].map((unique) => cel('CHAN_START', '1772445600.5', unique)).join('');
    const { noted } = decodeAll(format('asterisk-cel'), text, { limits: { openSessions: 2 }, capacity: 1 });
    expect(noted.map(({ position, outcome, record }) => [position, outcome, record['charging_id'], record['flags']])).toEqual([
      [1, 'dropped', undefined, undefined],
      [2, 'dropped', undefined, undefined],
      [3, 'accepted', '1.0', 'no_end'],
      [4, 'accepted', '2.0', 'no_end'],
      [5, 'accepted', '3.0', 'no_end'],
      [6, 'accepted', '4.0', 'no_end'],
    ]);
  });
});

describe('freeswitch', () => {
  it('CSV: the default template', () => {
    const text =
      '"A","100","4930","default","2026-03-02 10:00:00","","2026-03-02 10:00:20","20","0","USER_BUSY","1b671a64-40d5-491e-99b0-da01ff1f3341","",""\n';
    const { noted } = decodeAll(format('freeswitch-csv'), text);
    expect(noted[0]!.record).toMatchObject({ cause: 17, final_status: 'USER_BUSY', duration_seconds: 20, subscriber_number: '100' });
    expect(noted[0]!.record).not.toHaveProperty('answered');
  });
  it('JSON: variables of a leg, percent-encoded', () => {
    const value = {
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
        sip_term_status: '200',
        sip_hangup_disposition: 'recv_bye',
      },
    };
    const { noted } = decodeAll(format('freeswitch-json'), JSON.stringify(value, null, 1));
    expect(noted[0]!.record).toMatchObject({
      node: 'sw1',
      subscriber_number: '+4930',
      other_party_number: '100',
      start_time: 1_772_445_600_000,
      answered: true,
      billable_seconds: 60.5,
      duration_seconds: 62.5,
      cause: 16,
      sip_code: 200,
      release_side: 'caller',
    });
  });
});

describe('radius-detail', () => {
  const packet = (lines: readonly string[]) => `Mon Mar  2 10:00:00 2026\n${lines.map((line) => `\t${line}\n`).join('')}\n`;
  const session = ['User-Name = "ann@isp"', 'Acct-Session-Id = "S1"', 'NAS-Identifier = "bras1"'];
  it('reads Start, Interim and Stop, 64-bit volumes, delays; drops what is about the node', () => {
    const text =
      packet(['Acct-Status-Type = Start', ...session, 'Timestamp = 1772445610', 'Acct-Delay-Time = 10']) +
      packet([
        'Acct-Status-Type = Interim-Update',
        ...session,
        'Acct-Session-Time = 60',
        'Acct-Input-Octets = 5',
        'Event-Timestamp = "Mar  2 2026 11:01:00 CET"',
      ]) +
      packet([
        'Acct-Status-Type = Stop',
        ...session,
        'Acct-Session-Time = 120',
        'Acct-Input-Octets = 5',
        'Acct-Input-Gigawords = 2',
        'Acct-Output-Octets = 4294967295',
        'Event-Timestamp = "Mar  2 2026 10:02:00 UTC"',
        'Acct-Terminate-Cause = User-Request',
      ]) +
      packet(['Acct-Status-Type = Accounting-On', 'NAS-Identifier = "bras1"', 'Timestamp = 1772445610']) +
      packet(['Acct-Status-Type = Stop', ...session]) +
      packet(['User-Name = "x"']);
    const { noted } = decodeAll(format('radius-detail', { timeZone: 'Europe/Berlin' }), text, { chunks: [11], capacity: 1 });
    expect(noted.map(({ outcome, reason }) => outcome + reason)).toEqual([
      'accepted',
      'accepted',
      'accepted',
      'droppedaccounting_on',
      'accepted',
      'rejectedmissing_field',
    ]);
    expect(noted[0]!.record).toMatchObject({
      leg: 'aaa',
      closing_cause: 'start',
      start_time: 1_772_445_600_000,
      node: 'bras1',
      subscriber_number: 'ann@isp',
    });
    expect(noted[1]!.record).toMatchObject({ closing_cause: 'interim', start_time: 1_772_445_600_000 });
    expect(noted[1]!.record).not.toHaveProperty('octets_up');
    expect(noted[2]!.record).toMatchObject({
      closing_cause: 'stop',
      start_time: 1_772_445_600_000,
      end_time: 1_772_445_720_000,
      duration_seconds: 120,
      octets_up: 2 * 2 ** 32 + 5,
      octets_down: 4_294_967_295,
      final_status: 'User-Request',
    });
    expect(noted[4]!.record).toMatchObject({ flags: 'no_octets', end_time: utc(2026, 2, 2, 9, 0, 0) });
  });
});

describe('telemetry', () => {
  it('Telegraf: one position per field', () => {
    const metric = {
      name: 'optics',
      tags: { host: 'poll1', device: 'ont7', pon: '1/2' },
      fields: { rx_power: -19.5, up: true, note: 'x' },
      timestamp: 1_772_445_600,
    };
    const { noted } = decodeAll(
      format('telegraf-json'),
      `${JSON.stringify(metric)}\n${JSON.stringify({ metrics: [metric] })}\n{"name":"x"}\n`,
      { capacity: 1, chunks: [9] },
    );
    expect(noted.map(({ position, outcome, reason }) => `${position} ${outcome} ${reason}`)).toEqual([
      '1 accepted ',
      '2 accepted ',
      '3 dropped not_numeric',
      '4 accepted ',
      '5 accepted ',
      '6 dropped not_numeric',
      '7 rejected missing_field',
    ]);
    expect(noted[0]!.record).toEqual({
      metric: 'optics_rx_power',
      device: 'ont7',
      node: 'poll1',
      event_time: 1_772_445_600_000,
      value: -19.5,
      attributes: [['pon', '1/2']],
    });
  });
  it('plain JSON: narrow and wide', () => {
    const text =
      '{"device":"a","metric":"rx","value":1.5,"unit":"dBm","time":"2026-03-02T10:00:00Z"}\n{"device":"a","ts":1772445600123,"rx":-1,"tx":2}\n{"device":"a","rx":1}';
    const { noted } = decodeAll(format('json'), text);
    expect(noted[0]!.record).toEqual({ device: 'a', metric: 'rx', value: 1.5, unit: 'dBm', event_time: utc(2026, 2, 2, 10) });
    expect(noted[1]!.record).toEqual({ device: 'a', metric: 'rx', value: -1, event_time: 1_772_445_600_123 });
    expect(noted[2]!.record).toMatchObject({ metric: 'tx', value: 2 });
    expect(noted[3]).toMatchObject({ outcome: 'rejected', reason: 'bad_time' });
  });
});

describe('our own names', () => {
  it('fill the columns of any kind', () => {
    const { noted } = decodeAll(
      format('weir-csv:subscription'),
      'system,status,valid_from,subscription_number,recurring_charge\ncrm,active,2026-01-01T00:00:00Z,4930,9.99\n',
    );
    expect(noted[1]!.record).toEqual({
      system: 'crm',
      status: 'active',
      valid_from: utc(2026, 0, 1),
      subscription_number: '4930',
      recurring_charge: 9_990_000,
    });
    const json = decodeAll(
      format('weir-json', { leg: 'billing' }),
      '{"start_time":"2026-01-01T01:00:00+01:00","charge":0.5,"answered":true}',
    ).noted;
    expect(json[0]!.record).toEqual({
      leg: 'billing',
      start_time: utc(2026, 0, 1),
      utc_offset_minutes: 60,
      charge: 500_000,
      answered: true,
    });
  });
});

it('no preset throws on any bytes; chunks make no difference; every position once and in order', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '\n',
      ',',
      '"',
      '{',
      '}',
      '=',
      '\t',
      'CHAN_END',
      'Acct-Status-Type = Stop',
      '{"device":"a","time":1,"x":2}',
      '{"name":"n","fields":{"a":1,"b":2},"tags":{"host":"h"},"timestamp":1}\n',
      'start_time,leg\n2026-01-01,x\n',
    ),
    fc.uint8Array({ maxLength: 5 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...presets),
      fc.array(piece, { maxLength: 25 }),
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 3 }),
      (preset, pieces, length, capacity) => {
        const bytes = Buffer.from(pieces.join(''), 'latin1');
        const limits = { recordBytes: 200, openSessions: 3 };
        const form = preset.format();
        const whole = decodeAll(form, bytes, { limits }).noted;
        expect(decodeAll(form, bytes, { limits, chunks: [length], capacity }).noted).toEqual(whole);
        expect(whole.map(({ position }) => position)).toEqual(whole.map((_, i) => i + 1));
      },
    ),
    { numRuns: 600 },
  );
});
