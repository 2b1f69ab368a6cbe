/** The benchmark must not flatter: what counts as found, what is a false alarm, whose amount and whose time is taken. */
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../core/finding.ts';
import type { Truth } from '../../simulator/index.ts';
import { alarmsOf, type Word } from './alarms.ts';
import { fits, type Planted, type Scene, score } from './score.ts';

const hour = 3_600_000;
const day = 24 * hour;
const begin = Date.UTC(2026, 10, 2);

function word(
  at: number,
  control: string,
  scope: Readonly<Record<string, string>>,
  more: Partial<Finding> & { readonly amount?: string } = {},
): Word {
  const { amount, ...rest } = more;
  const finding = {
    finding_key: `${control}/${JSON.stringify(scope)}`,
    detector: control,
    metric: 'm',
    scope,
    state: 'firing',
    title: control,
    window: { from: new Date(at - hour).toISOString(), to: new Date(at).toISOString() },
    began_at: new Date(at - hour).toISOString(),
    explanation: [],
    ...(amount ? { money: { amount, currency: 'USD', class: 'leakage', method: '' } } : {}),
    ...rest,
  } as unknown as Finding;
  return { at, finding };
}

const truth = (control: string, scope: Readonly<Record<string, string>>, more: Partial<Truth> = {}): Truth =>
  ({
    scenario: `a ${control}`,
    nature: 'leak',
    control,
    scope,
    from: begin,
    to: begin + 2 * hour,
    also: [],
    records: 10,
    money: 2_000_000,
    currency: 'USD',
    ...more,
  }) as Truth;

const planted = (of: Truth, at = of.from + hour): Planted => ({ truth: of, done: [{ at, records: of.records, money: of.money }] });

const controls = [
  { identity: 'S01', metric: 'm', trigger: 'batch-stored', windowMs: 0 },
  { identity: 'S07', metric: 'm', trigger: 'window-close', windowMs: hour },
  { identity: 'S13', metric: 'm', trigger: 'window-close', windowMs: hour },
  { identity: 'S12', metric: 'm', trigger: 'batch-stored', windowMs: 0 },
];

const scored = (words: readonly Word[], of: readonly Planted[], more: Partial<Scene> = {}) =>
  score({ alarms: alarmsOf(words), planted: of, complete: [], controls, floor: () => 1_000_000, ...more });

describe('alarms', () => {
  it('end where the finding clears, and begin anew', () => {
    const scope = { source: 'a' };
    const words = [word(begin, 'S01', scope), word(begin + hour, 'S01', scope, { state: 'cleared' }), word(begin + day, 'S01', scope)];
    expect(alarmsOf(words).map(({ opened, closed }) => [opened, closed])).toEqual([
      [begin, begin + hour],
      [begin + day, Number.POSITIVE_INFINITY],
    ]);
  });
});

describe('a leak', () => {
  it('is found by its control in its scope and time', () => {
    const { leaks, alarms } = scored(
      [word(begin + hour, 'S01', { source: 'a' }, { amount: '2.1' })],
      [planted(truth('S01', { source: 'a' }))],
    );
    expect(leaks[0]).toMatchObject({ counts: true, byItself: true, money: 2_100_000, windows: 0 });
    expect(leaks[0]!.moneyError).toBeCloseTo(0.05);
    expect(alarms[0]!.found).toBeDefined();
  });

  it.each([
    ['of another source', word(begin + hour, 'S01', { source: 'b' })],
    ['by another control', word(begin + hour, 'S12', { source: 'a' })],
    ['before it began', word(begin - hour, 'S01', { source: 'a' })],
    ['days later', word(begin + 5 * day, 'S01', { source: 'a' }, { began_at: new Date(begin + hour).toISOString() })],
    ['that began long before', word(begin + hour, 'S01', { source: 'a' }, { began_at: new Date(begin - day).toISOString() })],
    ['that began after it had ended', word(begin + day, 'S01', { source: 'a' })],
  ])('is not found by an alarm %s, and that alarm is false', (_, said) => {
    const { leaks, alarms } = scored([said], [planted(truth('S01', { source: 'a' }))]);
    expect(leaks[0]!.alarm).toBeUndefined();
    expect(alarms).toEqual([{ alarm: expect.anything(), found: undefined, related: undefined }]);
  });

  it('of what an invoice leaves out may be told as begun with the period of the invoice', () => {
    const told = (control: string) => word(begin + day, control, {}, { began_at: new Date(begin - 4 * day).toISOString() });
    const found = (control: string) => scored([told(control)], [planted(truth(control, {}))]).leaks[0]!.byItself;
    expect([found('N02'), found('S13')]).toEqual([true, false]);
  });

  it('below the floor, or of nothing, does not count', () => {
    const of = [planted(truth('S01', { source: 'a' }, { money: 999_999 })), planted(truth('S01', { source: 'b' }, { records: 0 }))];
    expect(scored([], of).leaks.map(({ counts }) => counts)).toEqual([false, false]);
  });

  it('whose finding states no amount has an error of the whole', () => {
    expect(scored([word(begin + hour, 'S01', { source: 'a' })], [planted(truth('S01', { source: 'a' }))]).leaks[0]!.moneyError).toBe(1);
  });

  it('is found by one that sees it with the same right, and says so', () => {
    const { leaks } = scored([word(begin + hour, 'S12', { source: 'a' })], [planted(truth('S01', { source: 'a' }, { also: ['S12'] }))]);
    expect(leaks[0]).toMatchObject({ byItself: false });
    expect(leaks[0]!.alarm?.control).toBe('S12');
  });
});

describe('money', () => {
  const grown = (of: Truth): Planted => ({
    truth: of,
    done: Array.from({ length: 10 }, (_, at) => ({ at: begin + (at + 1) * hour, records: at + 1, money: (at + 1) * 1_000_000 })),
  });
  const long = { to: begin + 10 * hour, records: 10, money: 10_000_000 };
  const window = (from: number, to: number) => ({
    window: { from: new Date(begin + from * hour).toISOString(), to: new Date(begin + to * hour).toISOString() },
    began_at: new Date(begin).toISOString(),
  });
  const figures = (words: readonly Word[], of: Truth) => {
    const { money, due, moneyError } = scored(words, [grown(of)]).leaks[0]!;
    return { money: money / 1e6, due: due / 1e6, error: Number(moneyError.toFixed(3)) };
  };

  it('of a closed window is compared with what the leak cost in that window, of the word that is about most of it', () => {
    const scope = { service: 'voice' };
    const words = [
      word(begin + 3 * hour, 'S13', scope, { ...window(0, 3), amount: '9' }),
      word(begin + 8 * hour, 'S13', scope, { ...window(2, 7.5), amount: '5' }),
      word(begin + 14 * hour, 'S13', scope, { ...window(8, 14), amount: '2' }),
    ];
    expect(figures(words, truth('S13', scope, long))).toEqual({ money: 5, due: 5.5, error: 0.091 });
  });

  it('of an invoice is compared with what it cost, though it was written after its period', () => {
    const facts = [...controls, { identity: 'N02', metric: 'm', trigger: 'nightly', windowMs: 0 }];
    const period = { from: new Date(begin - 3 * day).toISOString(), to: new Date(begin).toISOString() };
    const words = [
      word(begin + day, 'N02', { check: 'account' }, { amount: '2.1', window: period, began_at: new Date(begin).toISOString() }),
    ];
    const { leaks } = scored(words, [planted(truth('N02', { check: 'account' }))], { controls: facts });
    expect(leaks[0]).toMatchObject({ money: 2_100_000, due: 2_000_000 });
  });

  it('of findings about other days is compared with those days together, about the same day with it once', () => {
    const part = (name: string, from: number, to: number, amount: string) =>
      word(begin + 12 * hour, 'S13', { zone: name }, { ...window(from, to), amount });
    const leak = truth('S13', {}, long);
    expect(figures([part('a', 0, 3, '3'), part('b', 5, 8, '2.4')], leak)).toEqual({ money: 5.4, due: 6, error: 0.1 });
    expect(figures([part('a', 0, 3, '2'), part('b', 1, 4, '1.8')], leak)).toEqual({ money: 3.8, due: 4, error: 0.05 });
  });

  it('of what is judged on arrival is compared with all until it was said', () => {
    const scope = { source: 'a' };
    const words = [
      word(begin + 2 * hour, 'S01', scope, { ...window(2, 3), amount: '2' }),
      word(begin + 4 * hour, 'S01', scope, { ...window(2, 5), amount: '6' }),
      word(begin + 20 * hour, 'S01', scope, { ...window(20, 21), amount: '12' }),
    ];
    expect(figures(words.slice(0, 2), truth('S01', scope, long))).toEqual({ money: 6, due: 4, error: 0.5 });
    expect(figures(words, truth('S01', scope, long))).toEqual({ money: 12, due: 10, error: 0.2 });
  });

  it('of a cause that is the pattern of another leak is the amount of that one', () => {
    const partner = { partner: 'host' };
    const twice = truth('S09', partner);
    const rounds = truth('N06', partner, { also: ['S09'], cause: { pattern: 'rounding', value: 30, dimensions: {} }, money: 9_000_000 });
    const words = [
      word(begin + 2 * hour, 'S09', { ...partner, cause: 'b_only/unexplained' }, { amount: '2.1' }),
      word(begin + 2 * hour, 'S09', { ...partner, cause: 'mismatch/rounding/ms/B rounds' }, { amount: '9.3' }),
    ];
    const [first, second] = scored(words, [planted(twice), planted(rounds)]).leaks;
    expect(first).toMatchObject({ money: 2_100_000, due: 2_000_000 });
    expect(second!.byItself).toBe(false);
    // Where the leak has a pattern, the finding that names it is told; another metric sees the same money once more.
    const ratio = truth('S09', partner, { cause: { pattern: 'ratio', value: 1.1, dimensions: {} } });
    const more = [
      ...words,
      word(begin + 2 * hour, 'S09', { ...partner, cause: 'mismatch/ratio/octets/1.1' }, { amount: '1.9' }),
      word(begin + 2 * hour, 'S09', { ...partner, check: 'usage' }, { amount: '5', metric: 'other' }),
    ];
    expect(scored(more, [planted(ratio)]).leaks[0]).toMatchObject({ money: 1_900_000 });
    // Alone in the world it would be about the leak.
    expect(scored(words, [planted(twice)]).leaks[0]).toMatchObject({ money: 11_400_000 });
  });

  it('of what is judged on arrival and states the stretch that it is about is compared with that stretch', () => {
    const long = truth('S12', {}, { from: begin, to: begin + 2 * day, money: 4_000_000 });
    // 1 a half day; the finding is about the second day.
    const done = [1, 2, 3, 4].map((half) => ({ at: begin + (half * day) / 2, records: half, money: half * 1_000_000 }));
    const window = { from: new Date(begin + day).toISOString(), to: new Date(begin + 2 * day).toISOString() };
    const words = [word(begin + 2 * day, 'S12', {}, { amount: '2.2', window, began_at: new Date(begin).toISOString() })];
    expect(scored(words, [{ truth: long, done }]).leaks[0]).toMatchObject({ money: 2_200_000, due: 2_000_000 });
  });

  it('of findings of several scopes is added up', () => {
    const words = ['voice', 'sms'].map((service) =>
      word(begin + 12 * hour, 'S13', { service, plan: 'flex' }, { ...window(0, 12), amount: '4' }),
    );
    expect(figures(words, truth('S13', { plan: 'flex' }, long))).toEqual({ money: 8, due: 10, error: 0.2 });
  });
});

describe('an alarm', () => {
  it('of a look-alike is false', () => {
    const of = [planted(truth('', { source: 'a' }, { nature: 'innocent' }))];
    const { leaks, alarms } = scored([word(begin + hour, 'S01', { source: 'a' })], of);
    expect(leaks).toEqual([]);
    expect(alarms[0]).toMatchObject({ found: undefined, related: undefined });
  });

  it('of a control that sums the legs of a leak is about it, of another service or leg it is false', () => {
    const of = [planted(truth('S01', { source: 'rating', service: 'voice' }))];
    const s07 = (service: string, to: string) =>
      word(begin + 2 * hour, 'S07', { from: 'switch', to, service, dimension: '', value: '', measure: 'records' });
    const { alarms } = scored([s07('voice', 'rating'), s07('sms', 'rating'), s07('voice', 'mediation')], of);
    expect(alarms.map(({ related }) => related !== undefined)).toEqual([true, false, false]);
  });

  it('of S13 is false where a file is missing: nothing was rated wrongly', () => {
    const of = [planted(truth('S01', { source: 'rating' }))];
    expect(scored([word(begin + hour, 'S13', { leg: 'rating', service: 'voice' })], of).alarms[0]!.related).toBeUndefined();
  });
});

describe('time', () => {
  const scope = { from: 'switch', to: 'rating', service: 'voice', dimension: '', value: '', measure: 'records' };
  const complete = Array.from({ length: 12 }, (_, at) => ({
    at: begin + at * hour,
    legs: { switch: begin + at * hour, rating: begin + (at - 1) * hour },
  }));
  const windows = (opened: number, from: number) =>
    scored(
      [
        word(opened, 'S07', scope, {
          began_at: new Date(begin).toISOString(),
          window: { from: new Date(opened - from).toISOString(), to: new Date(opened).toISOString() },
        }),
      ],
      [planted(truth('S07', { service: 'voice' }, { to: begin + 12 * hour }))],
      { complete },
    ).leaks[0]!.windows;

  it('counts in days what compares days', () => {
    const facts = [...controls, { identity: 'S08', metric: 'm', trigger: 'minute', windowMs: 0 }];
    const leak = truth('S08', { from: 'switch', to: 'rating' });
    const scope = { comparison: 'switch-rating', cause: 'a_only/unexplained' };
    const legs = { switch: begin + day, rating: begin + day };
    // Both legs of the day are there at its end; the finding comes a day and eight hours later.
    const words = [word(begin + 2 * day + 8 * hour, 'S08', scope, { began_at: new Date(begin).toISOString() })];
    const complete = [{ at: begin + day, legs }];
    expect(scored(words, [planted(leak)], { controls: facts, complete, lookMs: 4 * hour }).leaks[0]!.windows).toBe(2);
  });

  it('counts from the completion of the first window on the slower leg, in windows of what is judged', () => {
    // The hour from begin on is complete on rating at begin + 2 h.
    expect([2, 3, 4, 5, 6].map((at) => windows(begin + at * hour, hour))).toEqual([0, 1, 2, 3, 4]);
    expect(windows(begin + 5 * hour, 3 * hour)).toBe(1);
  });
});

describe('reconciliation', () => {
  const break_ = (cause: string) => word(begin + hour, 'S08', { comparison: 'switch-rating', cause });
  const lost = planted(truth('S08', { from: 'mediation', to: 'rating', prefix: '1' }));
  const finds = (cause: string) => scored([break_(cause)], [lost]).leaks[0]!.byItself;

  it('finds what rating lacks by records of the switch without partner, not by the others and not elsewhere', () => {
    expect([finds('a_only/unexplained'), finds('a_only/where/prefix 1')]).toEqual([true, true]);
    expect([finds('b_only/unexplained'), finds('a_only/where/prefix 44, plan flex')]).toEqual([false, false]);
  });
});

it('a missing file shows when the next one comes', () => {
  const of = planted(truth('S01', { source: 'a' }));
  const windows = (arrivals: readonly number[]) =>
    scored([word(begin + 5 * hour, 'S01', { source: 'a' }, { began_at: new Date(begin).toISOString() })], [of], {
      arrivals: { a: arrivals },
    }).leaks[0]!.windows;
  expect(windows([begin, begin + 5 * hour])).toBe(0);
  expect(windows([begin, begin + 3 * hour, begin + 5 * hour])).toBe(2);
});

it('records that were held back show when they come', () => {
  const windows = (comesAt?: number) => {
    const held = planted(truth('S11', { source: 'a' }, { to: begin + 12 * hour, ...(comesAt === undefined ? {} : { comesAt }) }));
    return scored([word(begin + 6 * hour, 'S11', { source: 'a' }, { began_at: new Date(begin).toISOString() })], [held]).leaks[0]!.windows;
  };
  expect(windows(begin + 6 * hour)).toBe(0);
  expect(windows(begin + 4 * hour)).toBe(2);
  expect(windows()).toBeGreaterThan(2);
});

describe('causes', () => {
  const explained = (dimensions: Readonly<Record<string, string>>) =>
    word(begin + hour, 'S07', { service: 'voice' }, { explanation: [{ dimensions, share: 1, remaining: 0 }] });
  const named = (dimensions: Readonly<Record<string, string>>) =>
    scored([explained(dimensions)], [planted(truth('S07', { service: 'voice', plan: 'flex' }))]).leaks[0]!.cause;

  it('are right where they name the place, wrong where they name another or something else', () => {
    expect(named({ plan: 'flex' })).toBe(true);
    expect(named({ plan: 'smart' })).toBe(false);
    expect(named({ zone: 'world' })).toBe(false);
  });

  it('are not judged where nothing is explained', () => {
    expect(
      scored([word(begin + hour, 'S07', { service: 'voice' })], [planted(truth('S07', { service: 'voice', plan: 'flex' }))]).leaks[0]!
        .cause,
    ).toBeUndefined();
  });
});

it('labels fit unless both state another', () => {
  expect(fits({ source: 'a' }, { leg: 'switch' })).toBe(true);
  expect(fits({ source: 'a' }, { source: '' })).toBe(true);
  expect(fits({ source: 'a' }, { source: 'b' })).toBe(false);
});
