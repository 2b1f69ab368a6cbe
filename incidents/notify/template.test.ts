import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Incident } from '../../core/incident.ts';
import { incidentOf } from '../testing/finding.ts';
import { anyText, strangeTexts } from '../testing/texts.ts';
import { htmlText } from './cut.ts';
import { compileTemplate, defaultText, defaultTexts, defaultTitle, renderTemplate, type Template } from './template.ts';
import { linkOf, severityName, type Word, wordMeanings, wordsOf } from './words.ts';

const compiled = (text: string): Template => {
  const result = compileTemplate(text);
  if ('problem' in result) throw new Error(result.problem);
  return result.template;
};

describe('templates', () => {
  it('say what an incident is', () => {
    const words = wordsOf(incidentOf());
    expect(renderTemplate(compiled(defaultTitle), words, 200)).toBe('[minor] opened: Files are missing from msc1');
    expect(renderTemplate(defaultTexts.text, words, 2_000)).toBe(`Files 42 and 43 of msc1 have not come.

opened by weir: Files 42 and 43 of msc1 have not come.
Money: 1200 EUR leakage
Customers: 340
Observed: 41 files, expected 43
Explained by: node=msc1 (90 %)
Scope: source=msc1
Began: 2026-01-05T11:30:00.000Z
State: open
Team: revenue-assurance
Incident: ${words.incident_id}`);
  });

  it('leave out a line of which every word is empty, and keep braces that are doubled', () => {
    const words = wordsOf(incidentOf());
    expect(renderTemplate(compiled('{{x}\nwho: {assignee}\nteam: {team}{assignee}'), words, 100)).toBe('{x}\nteam: revenue-assurance');
  });

  it.each([
    ['{titel}', 'there is no word {titel}'],
    ['{constructor}', 'there is no word {constructor}'],
    ['{__proto__}', 'there is no word {__proto__}'],
    ['{title', 'a { that no } ends'],
    ['{ {title}', 'a { that no } ends'],
    ['x'.repeat(4_001), 'longer than 4000'],
  ])('refuse %j', (text, problem) => {
    const result = compileTemplate(text);
    expect('problem' in result ? result.problem : '').toContain(problem);
  });

  it('read any text without failing, and never more than what stands there', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, fc.string({ unit: fc.constantFrom('{', '}', 'title', '\n', ' ') })), (text) => {
        const result = compileTemplate(text);
        if ('template' in result) expect(renderTemplate(result.template, wordsOf(incidentOf()), 500).length).toBeLessThanOrEqual(500);
        else expect(result.problem.length).toBeLessThan(100);
      }),
    );
  });

  it('never read what a word says as a template', () => {
    const incident: Incident = { ...incidentOf(), title: '{summary} {{ {incident_id}' };
    expect(renderTemplate(compiled('{title}'), wordsOf(incident), 200)).toBe('{summary} {{ {incident_id}');
  });

  it('keep the limit whatever the words are, escaped or not', () => {
    fc.assert(
      fc.property(anyText, anyText, fc.integer({ min: 0, max: 6_000 }), (title, summary, most) => {
        const words = wordsOf({ ...incidentOf(), title, summary });
        expect(renderTemplate(defaultTexts.text, words, most).length).toBeLessThanOrEqual(most);
        expect(renderTemplate(compiled(defaultText), words, most, htmlText)).not.toMatch(/[<>]/);
      }),
      { numRuns: 50 },
    );
  });
});

describe('words', () => {
  it('are bounded and clean, whatever an incident says', () => {
    for (const text of Object.values(strangeTexts)) {
      const base = incidentOf({ scope: { [text]: text }, explanation: [{ dimensions: { [text]: text }, share: 1, remaining: 0 }] });
      const words = wordsOf({ ...base, title: text, summary: text, team: text, assignee: text, tenant: text, links: { incident: text } });
      expect(Object.keys(words)).toEqual(Object.keys(wordMeanings));
      for (const [name, value] of Object.entries(words) as [Word, string][]) {
        expect(value.length).toBeLessThanOrEqual(4_000);
        if (name !== 'summary' && name !== 'note') expect(value).not.toMatch(/[\n\r]/);
      }
    }
  });

  it('know severities and links', () => {
    expect([1, 2, 3, 4, 5, 9, Number.NaN].map(severityName)).toEqual([
      'critical',
      'major',
      'minor',
      'warning',
      'informational',
      'informational',
      'informational',
    ]);
    expect(linkOf({ links: { incident: 'https://weir.example/incidents/inc_1' } })).toBe('https://weir.example/incidents/inc_1');
    for (const bad of ['javascript:alert(1)', 'https://a.example/"><script>', 'https://a|b', 'x'.repeat(3_000)])
      expect(linkOf({ links: { incident: bad } })).toBe('');
  });
});
