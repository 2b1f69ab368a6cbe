import { describe, expect, it } from 'vitest';
import { writeInstant } from '../../core/row.ts';
import { judgeRows } from './evaluation.fixture.ts';
import { slaCredits } from './sla-credits.ts';

const ends = Date.UTC(2026, 9, 31, 23);
const claimOver = Date.UTC(2026, 10, 30, 23);
const row = {
  agreement: 'alder-voice',
  month: '2026-10',
  carrier: 'alder-carrier',
  name: 'Alder Carrier voice',
  starts: '2026-09-30 22:00:00.000',
  ends: writeInstant(ends),
  owed: '1440.005000',
  coin: 'USD',
  complete: 0.985,
  last_day: '2026-11-30',
  claim_over: writeInstant(claimOver),
  missed: ['ner', 'repair'],
  unmeasured: '0',
};
const judge = (more: object = {}, instant = claimOver - 1, limits: Record<string, number> = {}) =>
  judgeRows(slaCredits, [{ ...row, ...more }], { instant, limits })[0]!;

describe('N17 credits to be claimed', () => {
  it('is leakage of the exact amount, in the currency of the agreement, until the last day of the claim', () => {
    const found = judge();
    expect(found).toMatchObject({ state: 'violation', observed: 1440.005, expected: 0, unit: 'USD', p: 0, beganAt: ends });
    expect(found.cell).toEqual({ agreement: 'alder-voice', month: '2026-10', partner: 'alder-carrier' });
    expect(found.money).toMatchObject({
      amount: '1440.005',
      currency: 'USD',
      class: 'leakage',
      recoverable_until: '2026-11-30',
      exact: true,
    });
    expect(found.title).toBe('alder-carrier: 1,440.01 USD of credits for 2026-10 to be claimed until 2026-11-30');
    expect(found.summary).toBe(
      'Alder Carrier voice: 2 targets missed in 2026-10 (ner, repair); alder-carrier owes 1440.005 USD, to be claimed until 2026-11-30. Data for 98.5 % of the time that counts.',
    );
  });

  it('says nothing of nothing, and nothing new from the instant on at which the claim is over', () => {
    expect(judge({ owed: '0.000000', missed: [] }).state).toBe('ok');
    expect(judge({}, claimOver)).toMatchObject({ state: 'waiting' });
    expect(judge({}, claimOver).money).toBeUndefined();
    // What was corrected to nothing is cleared, also afterwards.
    expect(judge({ owed: '0.000000' }, claimOver).state).toBe('ok');
  });

  it('has no last day where the agreement has none', () => {
    const found = judge({ last_day: '', claim_over: '1970-01-01 00:00:00.000' }, claimOver + 86_400_000);
    expect(found.state).toBe('violation');
    expect(found.money).not.toHaveProperty('recoverable_until');
    expect(found.title).toContain('to be claimed without a last day');
  });

  it('border: the floor itself is no finding', () => {
    expect(judge({ owed: '10.000000' }, ends, { floor: 10 }).state).toBe('ok');
    expect(judge({ owed: '10.000001' }, ends, { floor: 10 }).state).toBe('violation');
  });

  it('says which targets nothing was measured of', () => {
    expect(judge({ unmeasured: '1' }).summary).toContain('none for 1 target.');
  });

  it('needs agreements', () => {
    expect(judgeRows(slaCredits, [])).toMatchObject([{ state: 'not_applicable' }]);
  });
});
