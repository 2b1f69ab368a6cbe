/** Every control that ships, in the order of its identity. */
import type { Definition } from '../../core/definition.ts';
import { activeNotBilled } from './active-not-billed.ts';
import { allowances } from './allowances.ts';
import { clocks } from './clocks.ts';
import { controlTotals } from './control-totals.ts';
import { credits } from './credits.ts';
import { duplicates } from './duplicates.ts';
import { feedSilence } from './feed-silence.ts';
import { fetch } from './fetch.ts';
import { fileSequenceGap } from './file-sequence-gap.ts';
import { lateUsage } from './late-usage.ts';
import { messagesLost } from './messages-lost.ts';
import { mvnoWholesale } from './mvno-wholesale.ts';
import { orderToCash } from './order-to-cash.ts';
import { orphanUsage } from './orphan-usage.ts';
import { overlaps } from './overlaps.ts';
import { partialChains } from './partial-chains.ts';
import { ratedNotInvoiced } from './rated-not-invoiced.ts';
import { recordMatch } from './record-match.ts';
import { recordSequenceGap } from './record-sequence-gap.ts';
import { referenceData } from './reference-data.ts';
import { rerating } from './rerating.ts';
import { rounding } from './rounding.ts';
import { simBox } from './sim-box.ts';
import { slaCredits } from './sla-credits.ts';
import { stageBalance } from './stage-balance.ts';
import { stageVolume } from './stage-volume.ts';
import { suspense, suspenseAge } from './suspense.ts';
import { wholesaleInvoice } from './wholesale-invoice.ts';
import { wholesaleRate } from './wholesale-rate.ts';
import { wholesaleUsage } from './wholesale-usage.ts';
import { zeroRated } from './zero-rated.ts';

export const controls: readonly Definition[] = [
  fileSequenceGap,
  feedSilence,
  controlTotals,
  recordSequenceGap,
  partialChains,
  stageBalance,
  stageVolume,
  recordMatch,
  mvnoWholesale,
  wholesaleUsage,
  wholesaleRate,
  wholesaleInvoice,
  duplicates,
  overlaps,
  lateUsage,
  suspense,
  suspenseAge,
  zeroRated,
  rerating,
  activeNotBilled,
  orphanUsage,
  credits,
  allowances,
  clocks,
  ratedNotInvoiced,
  orderToCash,
  referenceData,
  rounding,
  simBox,
  slaCredits,
  messagesLost,
  fetch,
];
