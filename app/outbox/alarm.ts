/** A sleep that can be ended early. */
export interface Alarm {
  /** Resolves after `ms`, or at once when it was rung since the last sleep, or when it rings. */
  sleep(ms: number): Promise<void>;
  ring(): void;
}

/** An alarm that nobody has rung. */
export function newAlarm(): Alarm {
  let rung = false;
  let wakeUp: (() => void) | undefined;
  return {
    sleep: (ms) =>
      new Promise((resolve) => {
        const end = (): void => {
          clearTimeout(timer);
          rung = false;
          wakeUp = undefined;
          resolve();
        };
        const timer = setTimeout(end, Math.min(Math.max(ms, 0), 0x7fffffff));
        wakeUp = end;
        if (rung) end();
      }),
    ring: () => {
      rung = true;
      wakeUp?.();
    },
  };
}
