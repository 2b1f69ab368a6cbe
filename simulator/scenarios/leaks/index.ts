/** Every type of leak, in the order of the chain. */
import { billingLeaks } from './billing.ts';
import { chainLeaks } from './chain.ts';
import { clockLeaks } from './clocks.ts';
import { contentLeaks } from './contents.ts';
import { creditLeaks } from './credits.ts';
import { fileLeaks } from './files.ts';
import { fraudLeaks } from './fraud.ts';
import { freeLeaks } from './free.ts';
import { hostLeaks } from './host.ts';
import { hostInvoiceLeaks } from './host-invoices.ts';
import type { LeakType } from './leak.ts';
import { nodeLeaks } from './nodes.ts';
import { orphanLeaks } from './orphans.ts';
import { priceLeaks } from './prices.ts';
import { referenceLeaks } from './reference.ts';
import { repeatLeaks } from './repeats.ts';
import { subscriptionLeaks } from './subscriptions.ts';
import { suspenseLeaks } from './suspense.ts';
import { unitLeaks } from './units.ts';

export const leakTypes: readonly LeakType[] = [
  ...fileLeaks,
  ...contentLeaks,
  ...nodeLeaks,
  ...chainLeaks,
  ...unitLeaks,
  ...repeatLeaks,
  ...suspenseLeaks,
  ...freeLeaks,
  ...priceLeaks,
  ...hostLeaks,
  ...hostInvoiceLeaks,
  ...subscriptionLeaks,
  ...orphanLeaks,
  ...clockLeaks,
  ...billingLeaks,
  ...creditLeaks,
  ...referenceLeaks,
  ...fraudLeaks,
];
