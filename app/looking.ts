/** A repeated look at what is due: never two at once, a failure is told and the next look tries again. */

export interface Repeated<R> {
  /** Looks, or waits for the look in work. */
  look(): Promise<R>;
  /** Waits for the look in work, which `stopping` tells to end early. */
  stop(): Promise<void>;
}

export interface RepeatOptions<R> {
  /** @param stopping true once nobody waits for more than what is in work */
  readonly look: (stopping: () => boolean) => Promise<R>;
  readonly failed: (error: unknown) => void;
  /** Milliseconds between two looks; 0 = only when `look` is called. */
  readonly everyMs: number;
  /** The first look is now, not after `everyMs`. */
  readonly atOnce?: boolean;
}

/** Looks again and again. */
export function repeatLook<R>({ look, failed, everyMs, atOnce }: RepeatOptions<R>): Repeated<R> {
  let stopped = false;
  let running: Promise<R> | undefined;
  const once = (): Promise<R> => {
    running ??= look(() => stopped).finally(() => {
      running = undefined;
    });
    return running;
  };
  const lookQuietly = (): void => void once().catch(failed);
  const timer = everyMs > 0 ? setInterval(lookQuietly, everyMs) : undefined;
  if (timer && atOnce) lookQuietly();
  return {
    look: once,
    async stop() {
      stopped = true;
      clearInterval(timer);
      await running?.catch(() => undefined);
    },
  };
}

/** A look answers how many items it did. */
export type Looking = Repeated<number>;

export interface LookingOptions<T> extends Pick<RepeatOptions<number>, 'failed' | 'everyMs'> {
  /** What is due now, in the order of doing. */
  readonly due: () => Promise<readonly T[]>;
  readonly work: (item: T) => Promise<void>;
}

/**
 * Does what is due, item by item; what is due after the item in work is left when it is stopped.
 * @example const looking = startLooking({ due, work, failed, everyMs: 60_000 }); … await looking.stop();
 */
export function startLooking<T>({ due, work, failed, everyMs }: LookingOptions<T>): Looking {
  const look = async (stopping: () => boolean): Promise<number> => {
    let done = 0;
    for (const item of await due()) {
      if (stopping()) break;
      await work(item);
      done++;
    }
    return done;
  };
  return repeatLook({ look, failed, everyMs });
}
