/** A person at the console: a page of the browser that is logged in, and what it complained of. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { ConsoleWeir } from './weir.ts';

export interface Person {
  readonly page: Page;
  /** Errors and warnings of the page since it was last asked. */
  complaints(): readonly string[];
  /** Addresses outside of the server that it asked for. */
  readonly foreign: readonly string[];
  /** Goes to an address and waits until its data is there. */
  open(path: string): Promise<void>;
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const pictures = process.env['WEIR_PICTURES'];

/** Logs in through the page of who is not logged in. */
export async function personAt(browser: Browser, weir: ConsoleWeir, options: BrowserContextOptions = {}): Promise<Person> {
  const context = await browser.newContext({ viewport: { width: 1360, height: 860 }, reducedMotion: 'reduce', ...options });
  // What tsx compiles names its functions by a helper, which a browser does not have.
  await context.addInitScript('globalThis.__name ??= (named) => named;');
  const page = await context.newPage();
  const said: string[] = [];
  const foreign: string[] = [];
  page.on('console', (message) => {
    // Who is not logged in gets the login page with 401, which the browser notes.
    if (['error', 'warning'].includes(message.type()) && !message.text().includes('401'))
      said.push(`${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => said.push(String(error)));
  page.on('request', (request) => {
    if (!request.url().startsWith(weir.origin) && !request.url().startsWith('blob:')) foreign.push(request.url());
  });
  await page.goto(weir.origin);
  await page.fill('#token', weir.token);
  await page.click('button[type=submit]');
  await page.waitForSelector('#app h1');
  return {
    page,
    foreign,
    complaints: () => said.splice(0),
    async open(path) {
      await page.goto(weir.origin + path);
      await page.waitForSelector('h1');
      await settled(page);
    },
  };
}

/** Waits until nothing is loaded any more and a chart that is there is drawn. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => !document.querySelector('.loading') && !document.querySelector('.chart-space'));
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
}

/** What axe finds against WCAG 2.2 A and AA, one line each. */
export async function axe(page: Page): Promise<readonly string[]> {
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    const { axe: checker } = window as unknown as {
      axe: { run(options: object): Promise<{ violations: { id: string; nodes: { target: string[]; failureSummary: string }[] }[] }> };
    };
    const { violations } = await checker.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')}: ${failureSummary}`));
  });
}

/** A picture of the page, where `WEIR_PICTURES` names a directory for them; of a long list the window alone. */
export async function picture(page: Page, name: string): Promise<void> {
  if (!pictures) return;
  const tall = await page.evaluate(() => {
    // The bar at the top would stand in the middle of the picture.
    scrollTo(0, 0);
    return document.documentElement.scrollHeight > 6000;
  });
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: !tall });
}
