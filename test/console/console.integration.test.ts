/** The console in Chromium over a Weir that runs as people run it: what is shown, by which keys, to whom, and a leak from its beginning to its end. */
import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/processes.ts';
import { buttonTests } from './buttons.ts';
import { chromiumPath, noChromium, startChromium } from './chromium.ts';
import { axe, type Person, personAt, picture, settled } from './pages.ts';
import { seedIncidents, seedReconciliation, seedSeries, usageCsv } from './seed.ts';
import { type ConsoleWeir, startConsoleWeir } from './weir.ts';

const chromium = chromiumPath();
const many = 1300;

if (chromium === undefined) it('needs Chromium, which this machine does not have', noChromium);
else describe('the console', () => tests(chromium));

function tests(path: string): void {
  let weir: ConsoleWeir;
  let browser: Browser;
  let person: Person;
  let hasSlos = true;
  const pages = [
    '/',
    '/incidents/inc_seed00000',
    '/controls',
    '/controls?control=S01',
    '/reconciliation',
    '/slos',
    '/series',
    '/sources',
    '/sql',
  ];
  const nameOf = (page: string): string => page.replace(/[^a-z0-9]+/gi, '-').replace(/^-|-$/g, '') || 'incidents';

  beforeAll(async () => {
    [weir, browser] = await Promise.all([startConsoleWeir(), startChromium(path)]);
    const now = Date.now();
    await seedIncidents(weir.store, many, now);
    await seedSeries(weir.store, now);
    await seedReconciliation(weir.store);
    // What the leak of the last test is explained by: a change shortly before it.
    await weir.post('changes', {
      ...{
        event_time: new Date(now - 300_000).toISOString(),
        change_id: 'CHG-7',
        change_kind: 'configuration',
        system: 'msc',
        actor: 'ana',
      },
      ...{ scope: 'source=msc', summary: 'The sender of msc got a new disk' },
    });
    weir.drop('sw_000001.csv', usageCsv(1, 400, 3));
    weir.drop('sw_000002.csv', usageCsv(2, 400));
    await until(
      async () => Number((await weir.store.select<{ n: string }>("SELECT count() AS n FROM usage WHERE source = 'msc'"))[0]?.n) >= 797,
      'the files are not stored',
    );
    const { paths } = (await (await fetch(`${weir.origin}/docs/json`)).json()) as { paths: object };
    hasSlos = '/api/v1/slos' in paths;
    person = await personAt(browser, weir);
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await weir?.stop();
  });

  const axeAndComplaints = async (one: Person): Promise<void> => {
    expect(await axe(one.page)).toEqual([]);
    // Of what the API does not have yet the browser notes that it is not there; the page says so.
    expect(one.complaints().filter((line) => hasSlos || !line.includes('404 (Not Found)') || !line.endsWith('/api/v1/slos'))).toEqual([]);
  };

  it.each(pages)('%s is whole in light and dark: no complaint, nothing from elsewhere, nothing that axe finds', async (page) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await person.page.emulateMedia({ colorScheme });
      await person.open(page);
      await picture(person.page, `${nameOf(page)}-${colorScheme}`);
      await axeAndComplaints(person);
    }
    expect(person.foreign).toEqual([]);
    await person.page.emulateMedia({ colorScheme: 'light' });
  });

  it.each(pages)('%s fits a phone without scrolling sideways', async (page) => {
    await person.page.setViewportSize({ width: 390, height: 844 });
    await person.open(page);
    await picture(person.page, `${nameOf(page)}-phone`);
    const { wide, has } = await person.page.evaluate(() => ({ wide: document.documentElement.scrollWidth, has: innerWidth }));
    expect(wide).toBeLessThanOrEqual(has);
    await axeAndComplaints(person);
    await person.page.setViewportSize({ width: 1360, height: 860 });
  });

  it('serves scripts compressed under names that hold their hash, and allows none from elsewhere', async () => {
    const scripts = await person.page.$$eval('script[src]', (elements) => elements.map((element) => (element as HTMLScriptElement).src));
    expect(scripts).toHaveLength(1);
    expect(scripts[0]).toMatch(/\/console\/main-[A-Z0-9]{8}\.js$/);
    const answer = await fetch(scripts[0]!, { headers: { 'accept-encoding': 'br' } });
    expect(answer.headers.get('content-encoding')).toBe('br');
    expect(answer.headers.get('cache-control')).toContain('immutable');
    expect(answer.headers.get('content-security-policy')).toMatch(/default-src 'none'; script-src 'self'; style-src 'self'/);
  });

  it('draws only the rows in sight of all incidents, and scrolls to the last', async () => {
    const { page } = person;
    await person.open('/');
    await page.waitForFunction((all) => Number(document.querySelector('table.incidents')?.getAttribute('aria-rowcount')) > all, many);
    expect(await page.locator('table.incidents tbody tr[data-index]').count()).toBeLessThan(80);
    await page.keyboard.press('End');
    await page.waitForFunction((last) => Number((document.activeElement as HTMLElement | null)?.dataset['row']) >= last, many - 1);
    expect(await page.locator('table.incidents tbody tr[data-index]').count()).toBeLessThan(80);
    await page.keyboard.press('Home');
    await page.waitForFunction(() => (document.activeElement as HTMLElement | null)?.dataset['row'] === '0');
  });

  it('is worked by keys alone', async () => {
    const { page } = person;
    await person.open('/');
    await page.keyboard.press('?');
    await page.waitForSelector('dialog[open]');
    expect(await axe(page)).toEqual([]);
    await picture(page, 'help-light');
    await page.keyboard.press('Escape');
    await page.waitForSelector('dialog[open]', { state: 'detached' });
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    await page.waitForFunction(() => (document.activeElement as HTMLElement | null)?.dataset['row'] === '0');
    await page.keyboard.press('j');
    await page.waitForFunction(() => (document.activeElement as HTMLElement | null)?.dataset['row'] === '1');
    const title = await page.evaluate(() => document.activeElement?.textContent);
    await page.keyboard.press('Enter');
    await page.waitForSelector('article h1');
    expect(await page.textContent('article h1')).toBe(title);
    await page.keyboard.press('n');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('note');
    await page.keyboard.type('jk?');
    expect(await page.inputValue('#note')).toBe('jk?');
    await page.keyboard.press('Escape');
    await page.keyboard.press('u');
    await page.waitForSelector('table.incidents');
    await page.keyboard.press('/');
    await page.keyboard.type('prepaid charging');
    await page.waitForFunction(() => document.querySelector('tr[data-index="0"] a')?.textContent?.includes('prepaid'));
    await page.keyboard.press('Escape');
    await page.keyboard.press('g');
    await page.keyboard.press('c');
    await page.waitForFunction(() => location.pathname === '/controls');
    expect(person.complaints()).toEqual([]);
  });

  it('keeps what is shown in the address', async () => {
    const { page } = person;
    await person.open('/');
    await page.click('button.chip.s1');
    await page.selectOption('select[aria-label=Order]', 'money');
    await page.waitForFunction(() => location.search.includes('severity=1') && location.search.includes('sort=money'));
    const first = await page.textContent('tr[data-index="0"] a');
    await page.reload();
    await settled(page);
    expect(await page.textContent('tr[data-index="0"] a')).toBe(first);
    expect(await page.getAttribute('button.chip.s1', 'aria-pressed')).toBe('true');
    const shown = await page.$$eval('tr[data-index] .severity', (badges) => badges.map((badge) => badge.textContent));
    expect(new Set(shown)).toEqual(new Set(['Critical']));
  });

  it('saves what a table shows as CSV', async () => {
    const { page } = person;
    for (const [at, header] of [
      ['/controls', 'control,state,violations'],
      ['/sources', 'source,read,stored,rejected'],
      ['/series', 'detector,series,open'],
      ['/reconciliation', 'comparison,window_from,agree'],
      ['/?severity=1', 'incident_id,severity,state'],
    ] as const) {
      await person.open(at);
      const [download] = await Promise.all([page.waitForEvent('download'), page.locator('button', { hasText: /^CSV/ }).first().click()]);
      const text = readFileSync(await download.path(), 'utf8');
      expect(text.slice(0, header.length), at).toBe(header);
      expect(text.split('\r\n').length, at).toBeGreaterThan(2);
    }
  });

  it('shows a finding over its series, with the band and the moment it began', async () => {
    const { page } = person;
    await person.open('/incidents/inc_seed00000');
    await page.waitForSelector('.chart[data-drawn]');
    expect(Number(await page.getAttribute('.chart', 'data-drawn'))).toBeGreaterThan(100);
    expect(await page.getAttribute('.chart', 'aria-label')).toContain('usage_records: observed 412 records');
    expect(await page.textContent('.legend')).toMatch(/observed.*expected.*usual range.*began.*found/s);
    expect(await page.textContent('.shares')).toContain('trunk-3');
  });

  it('leads from a reconciled day to the pair of records', async () => {
    const { page } = person;
    await person.open('/reconciliation');
    await page.click('tbody th button');
    await page.waitForSelector('table[aria-label=Breaks]');
    await settled(page);
    await picture(page, 'reconciliation-run-light');
    await axeAndComplaints(person);
    await page.click('button:text-is("Differs")');
    await page.waitForFunction(() => location.search.includes('class=mismatch'));
    await settled(page);
    await page.click('table[aria-label=Breaks] tbody th button');
    await page.waitForSelector('table.compare td.differs');
    expect(await page.textContent('table.compare')).toMatch(/billable_seconds.*60.*30/s);
    await picture(page, 'reconciliation-pair-light');
    await axeAndComplaints(person);
  });

  it('answers SQL, completes names, and says what is refused', async () => {
    const { page } = person;
    await person.open('/sql');
    await page.fill('#sql', 'SELECT service, count() AS records FROM usag');
    await page.keyboard.press('Control+Space');
    await page.waitForFunction(() => (document.querySelector('#sql') as HTMLTextAreaElement).value.endsWith('FROM usage'));
    await page.keyboard.type(' GROUP BY service');
    await page.keyboard.press('Control+Enter');
    await page.waitForSelector('.answer td');
    expect(await page.textContent('.answer')).toContain('voice');
    await picture(page, 'sql-answer-light');
    await axeAndComplaints(person);
    await page.fill('#sql', 'DROP TABLE usage');
    await page.keyboard.press('Control+Enter');
    await page.waitForSelector('[role=alert]');
    expect(person.complaints().every((line) => line.includes('400'))).toBe(true);
  });

  it('sends rejects through again, and shows the bytes of one', async () => {
    const { page } = person;
    await person.open('/sources?source=msc');
    expect(await page.textContent('table[aria-label="Accounting by source"] tr.chosen')).toMatch(/802.*797.*3.*2.*✓ balanced.*✓ proved/s);
    await page.locator('button', { hasText: 'Show bytes' }).first().click();
    await page.waitForSelector('pre');
    expect(await page.textContent('pre')).toContain('not a time');
    page.once('dialog', (dialog) => void dialog.accept());
    await page
      .locator('button', { hasText: /^Replay$/ })
      .first()
      .click();
    await page.waitForSelector('.notice.done');
    expect(await page.textContent('.notice.done')).toMatch(/3 sent through again: 0 stored, 3 rejected/);
    expect(person.complaints()).toEqual([]);
  });

  describe('every button', () =>
    buttonTests(
      () => person,
      () => personAt(browser, weir),
    ));

  it('shows a leak that is planted without being loaded again; it is explained, acknowledged, resolved and learned from', async () => {
    const { page } = person;
    await person.open('/');
    await page.evaluate(() => {
      (window as unknown as { same: boolean }).same = true;
    });
    // The file between them never comes: its usage is lost.
    weir.drop('sw_000004.csv', usageCsv(4, 400));
    const row = page.locator('tr[data-index]', { hasText: /msc.*file 3 missing/i });
    await row.waitFor({ timeout: 60_000 });
    await row.locator('a').click();
    await page.waitForSelector('article h1');
    await settled(page);
    await picture(page, 'leak-open');
    expect(await page.textContent('.lead')).toMatch(/1 file of msc missing in the sequence/);
    expect(await page.textContent('article')).toMatch(
      /Observed1 file.*What explains it.*The sender of msc got a new disk.*CHG-7 · \d+ (s|min) before it began.*The SQL to see it again.*Why it is an incident/s,
    );
    await page.keyboard.press('a');
    await page.waitForSelector('.badges .state:has-text("Acknowledged")');
    await page.fill('#note', 'The sender has it still; it comes with the next batch.');
    await page.click('button:text-is("Resolve")');
    await page.waitForSelector('.badges .state:has-text("Resolved")');
    expect(await page.textContent('.timeline')).toContain('The sender has it still');
    await page.selectOption('#cause', 'partner');
    await page.selectOption('#useful', 'useful');
    await page.selectOption('#satisfaction', '4');
    for (const [at, why] of ['The file was not sent.', 'The sender ran full.', 'Nobody watched its disk.'].entries())
      await page.fill(`[aria-label="Why ${at + 1}"]`, why);
    await page.fill('#root-cause', 'The disk of the sender is not watched.');
    await page.click('button:text-is("Save the review")');
    await page.waitForFunction(() =>
      [...document.querySelectorAll('.card-head')].some(
        (head) => head.textContent?.includes('What was learned') && head.textContent.includes('complete'),
      ),
    );
    await page.fill('#action-text', 'Watch the disk of the sender');
    await page.click('button:text-is("Add")');
    await page.click('button[aria-label="Done: Watch the disk of the sender"]');
    await page.waitForSelector('.todo:has-text("Watch the disk") .struck');
    await picture(page, 'leak-resolved');
    await axeAndComplaints(person);
    expect(await page.evaluate(() => (window as unknown as { same?: boolean }).same)).toBe(true);
    // The list does not show it among the active ones any more.
    await page.keyboard.press('u');
    await page.waitForSelector('table.incidents');
    await row.waitFor({ state: 'detached' });
  });
}
