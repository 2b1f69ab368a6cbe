/** A repeated look at what is due: never two at once, a failure is told and the next look tries again. */

export interface Looking {
  /** Does what is due, or waits for the look in work; returns how much it did. */
  look(): Promise<number>;
  /** Waits for what is in work; what is due after it is left. */
  stop(): Promise<void>;
}

export interface LookingOptions<T> {
  /** What is due now, in the order of doing. */
  readonly due: () => Promise<readonly T[]>;
  readonly work: (item: T) => Promise<void>;
  readonly failed: (error: unknown) => void;
  /** Milliseconds between two looks; 0 = only when `look` is called. */
  readonly everyMs: number;
}

/** @example const looking = startLooking({ due, work, failed, everyMs: 60_000 }); … await looking.stop(); */
export function startLooking<T>({ due, work, failed, everyMs }: LookingOptions<T>): Looking {
  let stopped = false;
  let running: Promise<number> | undefined;
  const all = async (): Promise<number> => {
    let done = 0;
    for (const item of await due()) {
      if (stopped) break;
      await work(item);
      done++;
    }
    return done;
  };
  const look = (): Promise<number> => {
    running ??= all().finally(() => {
      running = undefined;
    });
    return running;
  };
  const timer = everyMs > 0 ? setInterval(() => void look().catch(failed), everyMs) : undefined;
  return {
    look,
    async stop() {
      stopped = true;
      clearInterval(timer);
      await running?.catch(() => undefined);
    },
  };
}
