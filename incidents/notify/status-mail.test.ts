import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText } from '../testing/texts.ts';
import { emailLimits } from './email.ts';
import { listGets, statusMail } from './status-mail.ts';

const update = { update_id: 'upd_1', stage: 'identified', services: ['voice'], partners: [], at: '2026-01-05T12:00:00.000Z' } as const;

describe('a list', () => {
  it.each([
    [[], [], [], [], true],
    [['voice'], [], ['voice', 'sms'], [], true],
    [['data'], [], ['voice'], [], false],
    [['data'], [], [], [], true],
    [[], ['acme'], [], ['acme'], true],
    [[], ['acme'], [], [], true],
    [[], [], [], ['acme'], false],
    [[], ['other'], [], ['acme'], false],
    [['data'], ['acme'], ['voice'], ['acme'], false],
  ])('of services %j and partners %j gets what is about %j and for %j: %s', (services, partners, about, forWhom, gets) => {
    expect(listGets({ services, partners }, { services: about, partners: forWhom })).toBe(gets);
  });
});

describe('a message', () => {
  it('keeps its limits, names the sender alone, and nothing in it is HTML', () => {
    fc.assert(
      fc.property(anyText, anyText, (title, text) => {
        const mail = statusMail('Weir <weir@operator.example>', { name: 'all' }, 'Service status', { ...update, title, text });
        expect(mail.subject).not.toMatch(/[\r\n]/);
        expect(mail.subject.length).toBeLessThanOrEqual(emailLimits.subject);
        expect(mail.html.replaceAll(/<\/?(!doctype|meta|h3|div)[^<>]*>/g, '')).not.toMatch(/[<>]/);
        expect(mail).toMatchObject({ to: ['Weir <weir@operator.example>'], messageId: '<upd_1.all@operator.example>' });
      }),
      { numRuns: 60 },
    );
  });
});
