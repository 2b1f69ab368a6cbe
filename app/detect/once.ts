/** Every control over what is stored, once, with incidents and without the loop: for commands that run without a Weir. */
import type { Logger } from 'pino';
import type { Settings } from '../../core/settings/index.ts';
import type { Store } from '../../sql/store.ts';
import { createIncidentDesk } from '../incidents/desk.ts';
import { incidentSettings } from '../incidents/settings.ts';
import { keepWords } from '../life-cycle/words.ts';
import { startDetection } from './start.ts';

/** Judges and folds; resolves when everything that was found is stored as incidents. */
export async function detectOnce(store: Store, settings: Settings, log: Logger): Promise<void> {
  const clock = { now: () => Date.now() };
  const desk = createIncidentDesk({ store, clock, tenant: settings.tenant, settings: incidentSettings(settings), log });
  await keepWords(store, clock, settings);
  const detection = await startDetection({
    store,
    clock,
    settings,
    log,
    everyMs: 0,
    onFindings: async (findings) => {
      await desk.take(findings);
    },
  });
  try {
    await detection.tick();
  } finally {
    await detection.stop();
  }
}
