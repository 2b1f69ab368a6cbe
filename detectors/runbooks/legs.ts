/** Runbooks of the controls that compare legs, prices, subscriptions and invoices. */
import type { Runbook } from './runbook.ts';

const seen = 'See the finding with its SQL: `npx weir incidents show ID`.';

export const legRunbooks: Readonly<Record<string, Runbook>> = {
  S07: {
    money:
      'Leakage where the later stage has less, over-charging where it has more; an estimate with a range: what departs from the usual ratio, at the mean charge of the later stage. The sum runs from the first hour of the departure.',
    prove: [
      seen,
      'See both stages by day: `npx weir sql "SELECT toDate(hour) AS day, leg, service, sum(records) AS records, sum(billable_seconds) AS seconds, sum(charge) AS charges FROM usage_hour GROUP BY day, leg, service ORDER BY day DESC, service, leg LIMIT 60"`.',
      'Read the vector: fewer records are lost on the way; equal records with fewer seconds are parts or rounding; equal records and seconds with less charge are a tariff.',
      'Match the day record by record: `npx weir reconcile --control S08 --from 2026-11-20`. The cause names node, plan, prefix or rounding.',
      'Ask what was released in the hour in which it began: changes of network elements and of tariffs are the most frequent causes.',
    ],
    recover: [
      'Lost records: send them through again from the input of the stage that lost them.',
      'Wrong lengths or prices: mend the rule and have the usage since the first hour of the finding rated again.',
      'Bill the difference within the limit that the finding states; credit what was too much. Enter what came back: `npx weir incidents recovered ID 1250.50`.',
    ],
    sources: ['TM Forum GB941: usage reconciliation over the chain', 'KPMG revenue-assurance surveys 2009 and 2012: causes of leakage'],
  },
  S08: {
    money:
      'A only, and what A states more: leakage. B only, and what B states more: over-charging. At the charges of the leg that states them, else at the mean rate of the leg that charges.',
    prove: [
      seen,
      'Reconcile the day again: `npx weir reconcile --control S08 --from 2026-11-20`.',
      'Look at the pairs of one cause: `npx weir sql "SELECT * FROM reconciliation_breaks LIMIT 50"`. Take five to the systems of both legs and look them up by their own keys.',
      'One node, plan or prefix that explains nearly all of it is a configuration; breaks spread evenly are a transfer or a tolerance that is too tight.',
    ],
    recover: [
      'A only: have the records sent again or billed from the pairs. Before that, see that they are not in suspense (S12) or late (S11).',
      'Mismatch: mend rounding, unit, clock or price at the leg that is wrong and rate again.',
      'B only: find who made the record; credit what was billed without usage.',
      'Reconcile the days again; the finding clears by itself when nothing is left.',
    ],
    sources: ['TM Forum GB941-D: CDR-to-CDR reconciliation'],
  },
  S09: {
    money:
      'B only, and what B states more, at the wholesale charges: leakage, since we pay for it. A only: a risk, at the mean wholesale rate, since the host may charge it later.',
    prove: [
      seen,
      'Reconcile the days of the invoice again: `npx weir reconcile --control S09 --from 2026-11-01 --to 2026-11-30`.',
      'Split what the host has more: numbers that are not ours (another MVNO), sessions that it splits otherwise (they add up by the day), and sessions that hang.',
      'Check the rate in force on that day in the contract, and the rounding it names; N06 says which rounding the host uses.',
    ],
    recover: [
      'Send the host the pairs and totals per day and service before the dispute window of the contract closes, often 60 or 90 days from the invoice: set `controls: { S09: { backBillDays: 60 } }` so that findings say when that is.',
      'Pay the undisputed part in time; withhold or mark the rest as the contract says.',
      'Have hanging sessions and foreign numbers blocked at the host, and accrue what it has not charged yet.',
      'When the credit note is there: `npx weir incidents recovered ID 1250.50 --note "credit note"`.',
    ],
    sources: ['Contract with the host: tolerance, rounding, dispute window'],
  },
  S13: {
    money:
      'Leakage for zero-rated and unrated usage, a risk for calls of no length; an estimate with a range: records beyond the usual at the mean charge of those that were charged.',
    prove: [
      seen,
      'Which plans and zones: `npx weir sql "SELECT zone, plan, tariff, zero_reason, count() AS records FROM usage WHERE leg = \'rating\' AND answered AND charge = 0 GROUP BY zone, plan, tariff, zero_reason ORDER BY records DESC LIMIT 20"`.',
      'Compare with the price list of the day, and with the upload before it: `npx weir sql "SELECT tariff, version, service, zone, per_unit, valid_from, valid_to FROM tariffs_current WHERE per_unit = 0 LIMIT 20"`.',
      'Ask marketing whether a promotion began: then the reason belongs into `zero_reason`.',
    ],
    recover: [
      'Load the missing or wrong price with its true validity and have the usage since the upload rated again.',
      'Bill the difference within the limit for billing late, with a word to customer care before it.',
      'Let price uploads be checked before they go live; N05 does it the night after.',
    ],
  },
  S14: {
    money:
      'Leakage for what was charged too little, over-charging for too much, kept apart; an estimate from a random sample with a range of two standard errors.',
    prove: [
      seen,
      'Take five of the wrong records and compute them by hand: minimum, increment, set-up fee, price per unit, in this order, rounded once.',
      'See which version of the tariff was used and which held: `npx weir sql "SELECT tariff, version, service, zone, valid_from, valid_to FROM tariffs_current ORDER BY tariff, valid_from DESC LIMIT 50"`.',
      'Wrong by a constant: set-up fee or tax. By a ratio: unit or currency. Wrong for long calls only: increment or overflow.',
    ],
    recover: [
      'Mend rate or engine; have everything since the first wrong record rated again, not the sample alone.',
      'Bill what was too little within the limit; credit what was too much without being asked.',
      'Keep the sample of before and after the fix as proof for the auditor.',
    ],
    sources: ['ETSI EG 202 009-3 and national rules on metering and billing accuracy'],
  },
  S15: {
    money:
      'Active and not billed, or billed for a cheaper plan: leakage. Billed and not active, or for a dearer one: over-charging. Recurring charge x days / 30, at most 90 days.',
    prove: [
      seen,
      'See what each system says: `npx weir sql "SELECT system, status, plan, count() AS subscriptions FROM subscriptions_current GROUP BY system, status, plan ORDER BY system, subscriptions DESC LIMIT 50"`.',
      'Look up five subscriptions in the network and in billing themselves. A number of your own test SIM as a pseudonym: `npx weir pseudonym 01713920001 --country DE`.',
      'Follow their orders: which step failed, and does it fail for a product, a channel, or since a day?',
    ],
    recover: [
      'Create the missing subscriptions and charges in billing and bill them back to their activation, as far as contract and limit allow; or end the service.',
      'Credit what was billed without service, from the day on which it ended.',
      'Mend the step of the order chain, and have orders that fail there listed every day.',
    ],
    sources: ['TM Forum revenue-assurance metrics: subscriber data of network against billing'],
  },
  S16: {
    money: 'Leakage: charges of the usage itself where a leg states them, else its mean charge.',
    prove: [
      seen,
      'Which ranges and how much: `npx weir sql "SELECT number_range, service, count() AS records, uniqExact(subscriber) AS subscribers, sum(charge) AS charges FROM usage GROUP BY number_range, service ORDER BY records DESC LIMIT 20"`.',
      'Look the heaviest up in the network: who gave them service, and since when? Test SIMs have an owner in engineering.',
    ],
    recover: [
      'End the service in the network, or take the subscription up in billing and charge from its first use.',
      'Test SIMs: bar them from everything outside the test plan and bill the department.',
      'A range of a partner: claim the usage from it. One subscriber with much usage in a night: take it to fraud first.',
    ],
  },
  S19: {
    money:
      'Risk for credits that are unusual or near a limit, since they may be right; leakage for repeated credits and discounts beyond the invoice (from nothing to all of it), and for what an allowance made free that it does not cover.',
    prove: [
      seen,
      'Credits by agent: `npx weir sql "SELECT agent, reason, count() AS credits, sum(amount) AS amount FROM credits GROUP BY agent, reason ORDER BY amount DESC LIMIT 20"`.',
      'Read the notes of ten contacts behind the credits. No contact, or one that does not mention a complaint, is what to look for.',
      'Of allowances, compare the terms of the bundle (zones, services, validity) with what it made free.',
    ],
    recover: [
      'Reverse credits that were granted twice or without reason; speak with the team leader first, there may be a campaign.',
      'Lower the approval limit or ask for a second person where amounts pile up below it.',
      'Mend scope, validity and stacking of the discount or bundle and have the usage rated again.',
    ],
  },
  N02: {
    money: 'Leakage: rated less invoiced; of accounts without an invoice the mean amount of an invoice each.',
    prove: [
      seen,
      'Compare by period: `npx weir sql "SELECT period_start, period_end, line_kind, count() AS lines, sum(amount) AS amount FROM invoice_lines GROUP BY period_start, period_end, line_kind ORDER BY period_start DESC LIMIT 20"`.',
      'Take one account that lacks its invoice through the bill run: hold, wrong cycle, missing bill address, or a run that stopped?',
    ],
    recover: [
      'Run the missing bills, or put the usage onto the next one as a late charge, within the limit.',
      'Close the period in the books only when rated = invoiced + written off + carried over.',
      'Have accounts on hold listed at every cycle with the day on which the hold ends.',
    ],
    sources: ['TM Forum revenue-assurance metrics: value of charges from previous cycles'],
  },
  N04: {
    money:
      'Leakage where the charge is missing, else a risk: recurring charge of the plans for the days that the orders wait; an estimate.',
    prove: [
      seen,
      'The orders with the step that failed: `npx weir sql "SELECT * FROM lifecycle_to_cash LIMIT 50"`.',
      'Follow three orders through the systems of the step: a job that failed, a queue that nobody reads, a product that the step does not know.',
    ],
    recover: [
      'Repeat the failed step for the orders listed, the oldest first; customers who wait may cancel.',
      'Where service runs without charge, start charging and bill back to the first use as far as contract and limit allow.',
      'Mend the step, and have its failures listed every day with somebody who owns them.',
    ],
    sources: ['TM Forum: order-to-cash latency and fall-out'],
  },
  N05: {
    money:
      'Leakage for prices that are zero, expired or missing: usage of the latest day at the price that held before. Risk where it is open which of two prices or zones is right.',
    prove: [
      seen,
      'See the history of the rate: `npx weir sql "SELECT tariff, version, service, prefix, zone, valid_from, valid_to, source, ingest_time FROM tariffs ORDER BY ingest_time DESC LIMIT 50"`.',
      'Compare with the price list or the plan of the network that was approved, and with who loaded it.',
    ],
    recover: [
      'Load the corrected rows; a row that is sent again replaces the one before.',
      'Have the usage since the wrong upload rated again and bill the difference.',
      'Let uploads be compared with the version before: prices to zero, ends without successor, and prefixes that vanish.',
    ],
  },
  N06: {
    money: 'Leakage: seconds beyond the agreed rounding at the mean charge per second; an estimate, a fifth either way.',
    prove: [
      seen,
      "See the pattern: `npx weir sql \"SELECT partner, billable_seconds, count() AS calls FROM usage WHERE leg = 'mno_wholesale' AND service = 'voice' AND answered GROUP BY partner, billable_seconds ORDER BY calls DESC LIMIT 20\"`. Only multiples of 60 are whole minutes.",
      'Put the same calls of your own switch beside them: `npx weir reconcile --control S09 --from 2026-11-20`.',
      'Read the contract: first and following increment, and whether rounding is per call or per day.',
    ],
    recover: [
      'Dispute the invoice with the calls, the clause and the sum of the excess, before the dispute window closes.',
      'Have the rating of the partner corrected and a credit issued back to the day on which the pattern began.',
    ],
  },
  N12: {
    money:
      'Risk: minutes of the suspects at the termination rate, from nothing to all of it. It is a suspicion with evidence, never a reason to block by itself.',
    prove: [
      seen,
      'Look at what the suspects do all day; call centres, couriers and marketing look alike: check the plan and the contract first.',
      'Make a test call from abroad to a number of your own: a local number that shows up is a SIM in a box.',
      'See whether several sit in one device or one cell: many IMSIs per equipment are the strongest sign.',
    ],
    recover: [
      'Have fraud management decide; suspend those that resell against the terms of the plan.',
      'Claim lost termination from the dealer who sold the SIMs, and look at the dealer’s other activations.',
      'Cap the minutes of the plan that is used for it, or its use from one cell.',
    ],
    sources: ['Commsrisk and vendors on SIM-box detection; NDSS 2021 on false positives in fraud detection'],
  },
  N17: {
    money:
      'Leakage: the credit of the report on the agreement, exactly as the terms compute it, rounded and capped; no estimate. It can be had until the last day of the claim, then it is lost.',
    prove: [
      seen,
      'Make the report: `npx weir report sla --partner alder-carrier --month 2026-11 --out reports`. It has targets, exclusions with who approved them, terms, and the SQL of each figure.',
      'See that the data are whole: completeness stands in the report, and `npx weir accounting` says what is missing. Late files may change the figure; the finding follows.',
      'See that nothing is missing in the exclusions: the carrier will name its maintenance windows.',
    ],
    recover: [
      'Send the claim with the report as the contract says (portal, letter, ticket number), before the last day.',
      'Enter what was credited: `npx weir incidents recovered ID 1440`; and close the incident when the credit note is there.',
      'Where a carrier owes month after month, take the table `sla_periods` to the next negotiation.',
    ],
    sources: ['Contracts of carriers: credits by band of the monthly charge, with a cap and a last day of the claim'],
  },
};
