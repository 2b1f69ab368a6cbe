/**
 * Applies what ticket systems said, for as long as the process lives: at once by who received it, and here what a crash or a silent ClickHouse left; and asks
 * for what never came.
 */
import { setInterval } from 'node:timers';
import type { Logger } from 'pino';
import type { Inbox } from './inbox.ts';

const applyEveryMs = 10_000;
const remindEveryMs = 60_000;
const askEveryMs = 60_000;

/**
 * @param ask one round of asking
 * @param wanted false = nothing is connected, and nothing is asked
 */
export function startInbound(
  inbox: Inbox,
  ask: () => Promise<unknown>,
  wanted: boolean,
  log: Pick<Logger, 'warn'>,
): { stop(): Promise<void> } {
  if (!wanted) return { stop: async () => undefined };
  let asking: Promise<unknown> = Promise.resolve();
  let asks = false;
  /** Never two rounds at once: a system may answer slowly. */
  const askOnce = async (): Promise<void> => {
    if (asks) return;
    asks = true;
    asking = ask().finally(() => {
      asks = false;
    });
    await asking;
  };
  const every = (ms: number, work: () => Promise<unknown>) =>
    setInterval(() => {
      work().catch((error: Error) => log.warn({ error: error.message }, 'words of tickets not applied, it is tried again'));
    }, ms);
  const timers = [every(applyEveryMs, () => inbox.apply()), every(remindEveryMs, () => inbox.remind()), every(askEveryMs, askOnce)];
  return {
    async stop() {
      for (const timer of timers) clearInterval(timer);
      await asking.catch(() => undefined);
      await inbox.apply().catch(() => undefined);
    },
  };
}
