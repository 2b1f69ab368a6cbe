/** The Chromium of this machine, for tests and benchmarks of the console. */
import { appendFileSync, existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable'];

/** Where it is; undefined when there is none. `WEIR_CHROMIUM` names another. */
export function chromiumPath(): string | undefined {
  return [process.env['WEIR_CHROMIUM'] ?? '', ...places].find((path) => path !== '' && existsSync(path));
}

/** Why there is none here, said now and in the last lines of `npm test`. With WEIR_BROWSER=real (continuous integration) it is an error. */
export function noChromium(): void {
  if (process.env['WEIR_BROWSER'] === 'real') throw new Error('Chromium is not installed: .ci/run installs it');
  const text = 'no Chromium here (apt-get install chromium, or WEIR_CHROMIUM=path): the pages of the console were not opened';
  console.log(text);
  const file = process.env['WEIR_TEST_NOTES'];
  if (file) appendFileSync(file, `${text}\n`);
}

/** A browser without a window. */
export function startChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}
