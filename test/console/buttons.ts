/** Every button of the console does what it says: those that no story of the other tests presses. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { type Person, settled } from './pages.ts';

/** @param seat a person at the console; @param another somebody who logs in anew */
export function buttonTests(seat: () => Person, another: () => Promise<Person>): void {
  const searches = (page: Page, text: string): Promise<unknown> => page.waitForFunction((wanted) => location.search.includes(wanted), text);
  const searchesNot = (page: Page, text: string): Promise<unknown> =>
    page.waitForFunction((wanted) => !location.search.includes(wanted), text);
  const press = (page: Page, name: string): Promise<void> => page.click(`button:text-is(${JSON.stringify(name)})`);
  const stateIs = (page: Page, text: string): Promise<unknown> => page.waitForSelector(`.badges .state:has-text(${JSON.stringify(text)})`);

  it('the frame: colours, help, keys on and off, the way out', async () => {
    const { page, complaints } = await another();
    try {
      const theme = (): Promise<string | undefined> => page.evaluate(() => document.documentElement.dataset['theme']);
      for (const wanted of ['light', 'dark', 'auto']) {
        await page.click('button[aria-label^="Colours"]');
        expect(await theme()).toBe(wanted);
      }
      await page.click('button[aria-label=Keys]');
      await page.click('dialog[open] .help-switch input');
      await page.click('dialog[open] button:text-is("Close")');
      await page.keyboard.press('j');
      expect(await page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset['row'])).toBeUndefined();
      await page.click('button[aria-label=Keys]');
      await page.click('dialog[open] .help-switch input');
      await page.keyboard.press('Escape');
      await page.waitForSelector('dialog[open]', { state: 'detached' });
      await page.keyboard.press('j');
      expect(await page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset['row'])).toBe('0');
      await press(page, 'Log out');
      await page.waitForSelector('#token');
      expect(complaints()).toEqual([]);
    } finally {
      await page.context().close();
    }
  });

  it('lists: states, categories, chips on and off', async () => {
    const { page, open } = seat();
    await open('/');
    for (const [name, state] of [
      ['Resolved', 'resolved'],
      ['Closed', 'closed'],
      ['All', 'all'],
    ] as const) {
      await press(page, name);
      await searches(page, `state=${state}`);
    }
    await press(page, 'Active');
    await searchesNot(page, 'state=');
    await page.selectOption('select[aria-label=Category]', 'service');
    await searches(page, 'category=service');
    await page.click('button.chip.s3');
    await searches(page, 'severity=3');
    await page.click('button.chip.s3');
    await searchesNot(page, 'severity');
  });

  it('an incident: taken, held, gone on with, resolved, closed, reopened, judged, silenced', async () => {
    const { page, open, complaints } = seat();
    await open('/incidents/inc_seed00000');
    await press(page, 'Take it');
    await page.waitForSelector('button:text-is("Leave it")');
    await press(page, 'Leave it');
    await page.waitForSelector('button:text-is("Take it")');
    await page.fill('#note', 'Looked at the trunk.');
    await press(page, 'Comment');
    await page.waitForSelector('.timeline:has-text("Looked at the trunk.")');
    await press(page, 'Acknowledge');
    await stateIs(page, 'Acknowledged');
    await press(page, 'Begin work');
    await stateIs(page, 'In progress');
    await page.fill('#note', 'The carrier answers tomorrow.');
    await press(page, 'Hold');
    await page.waitForSelector('.badges:has-text("on hold: The carrier answers tomorrow.")');
    await press(page, 'Go on');
    await page.waitForFunction(() => !document.querySelector('.badges')?.textContent?.includes('on hold'));
    await page.fill('#silence-why', 'The carrier works on it.');
    await press(page, 'Silence');
    await press(page, 'End it now');
    await page.waitForSelector('#silence-why');
    for (const words of ['It was right', 'False alarm', 'It helped']) {
      await press(page, words);
      await page.waitForSelector(`.entry:has-text(${JSON.stringify(words)})`);
    }
    for (const [name, state] of [
      ['Resolve', 'Resolved'],
      ['Close', 'Closed'],
      ['Reopen', 'Open'],
    ] as const) {
      await press(page, name);
      await stateIs(page, state);
    }
    expect(complaints()).toEqual([]);
  });

  it('evidence: copied, opened in SQL, shown in full; the report', async () => {
    const { page, open } = seat();
    await open('/incidents/inc_seed00000');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await press(page, 'Copy');
    await page.waitForSelector('button:text-is("Copied")');
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('GROUP BY bucket');
    await press(page, 'Show all 8');
    expect(await page.locator('.records li').count()).toBe(8);
    const [report] = await Promise.all([page.context().waitForEvent('page'), page.click('a:text-is("Report")')]);
    await report.waitForLoadState();
    expect(await report.textContent('h1')).toContain('carrier-b');
    await report.close();
    await page.click('a:text-is("Open in SQL")');
    await page.waitForSelector('#sql');
    expect(await page.inputValue('#sql')).toContain('toStartOfFifteenMinutes');
  });

  it('controls: by state, one and back', async () => {
    const { page, open } = seat();
    await open('/controls');
    await page.locator('.chips button').first().click();
    await searches(page, 'state=');
    await page.locator('table[aria-label=Controls] tbody th button').first().click();
    await page.waitForSelector('h2:has-text("Judgements")');
    await press(page, '← All controls');
    await page.waitForSelector('table[aria-label=Controls]');
    await searchesNot(page, 'control=');
  });

  it('a pair of records: all fields, closed, back to all windows', async () => {
    const { page, open } = seat();
    await open('/reconciliation');
    await page.click('tbody th button');
    await page.waitForSelector('table[aria-label=Breaks]');
    await press(page, 'Differs');
    await searches(page, 'class=mismatch');
    await settled(page);
    await page.click('table[aria-label=Breaks] tbody th button');
    await page.waitForSelector('table.compare td.differs');
    const few = await page.locator('table.compare tbody tr').count();
    await press(page, 'All fields');
    await page.waitForFunction((before) => document.querySelectorAll('table.compare tbody tr').length > before, few);
    await press(page, 'Only what differs');
    await page.waitForFunction((before) => document.querySelectorAll('table.compare tbody tr').length === before, few);
    await press(page, 'Close the pair');
    await page.waitForSelector('table.compare', { state: 'detached' });
    await press(page, '← All windows');
    await page.waitForSelector('table[aria-label="Reconciled windows"]');
  });

  it('series: what is shown first, one over a month, a detector, closed', async () => {
    const { page, open, complaints } = seat();
    await open('/series');
    for (const [name, view] of [
      ['Open', 'open'],
      ['Blind', 'blind'],
      ['Least visible', 'drop'],
      ['Largest', 'volume'],
    ] as const) {
      await press(page, name);
      await searches(page, `view=${view}`);
    }
    await press(page, 'All');
    await searchesNot(page, 'view=');
    await page.click('table[aria-label="Series"] tbody th button');
    for (const days of ['1 day', '2 days', '7 days', '31 days']) {
      await press(page, days);
      await searches(page, `days=${days.split(' ')[0]}`);
    }
    await page.waitForFunction(() => Number(document.querySelector<HTMLElement>('.chart')?.dataset['drawn']) >= 7 * 96);
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('button', { hasText: /^CSV of series-/ }).click()]);
    expect(readFileSync(await download.path(), 'utf8').split('\r\n').length).toBeGreaterThan(7 * 96);
    await press(page, 'Close the series');
    await page.waitForSelector('.chart', { state: 'detached' });
    const detector = page.locator('table[aria-label="Detectors over series"] tbody th button').first();
    await detector.click();
    await searches(page, 'detector=');
    await detector.click();
    await searchesNot(page, 'detector=');
    expect(complaints()).toEqual([]);
  });

  it('sources: one, a reason, of any reason', async () => {
    const { page, open } = seat();
    await open('/sources');
    await page.click('table[aria-label="Accounting by source"] button:text-is("msc")');
    await page.waitForSelector('table[aria-label="Files of msc"]');
    await page.locator('table[aria-label="Rejected records by reason"] tbody th button').first().click();
    await searches(page, 'reason=');
    await press(page, 'Of any reason');
    await searchesNot(page, 'reason=');
  });

  it('SQL: names are put in, the whole answer is saved', async () => {
    const { page, open } = seat();
    await open('/sql');
    await page.fill('input[aria-label="Search tables and columns"]', 'usage_hour');
    await page.waitForSelector('.tree details[open]');
    await page.fill('#sql', 'SELECT count() FROM ');
    await page.locator('.tree button', { hasText: 'Put in' }).first().click();
    await page.waitForFunction(() => (document.querySelector('#sql') as HTMLTextAreaElement).value === 'SELECT count() FROM usage_hour');
    const [download] = await Promise.all([page.waitForEvent('download'), press(page, 'Save all as CSV')]);
    expect(readFileSync(await download.path(), 'utf8')).toMatch(/^"?count\(\)"?\r?\n\d+/);
    await press(page, 'Run');
    await page.waitForSelector('.answer td');
  });
}
