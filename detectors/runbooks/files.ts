/** Runbooks of the controls of files, feeds and records as they come in. */
import type { Runbook } from './runbook.ts';

const seen = 'See the finding with its SQL: `npx weir incidents show ID`.';

export const fileRunbooks: Readonly<Record<string, Runbook>> = {
  S01: {
    money:
      'Leakage, an estimate with a range: records that usually come in that time less those that came, at the mean charge of such a record. Nothing where no leg charges such records.',
    prove: [
      seen,
      'List what came around the gap: `npx weir sql "SELECT sequence, name, state, received_at, stored FROM files_latest WHERE source = \'msc-1\' ORDER BY received_at DESC LIMIT 50"`.',
      'Ask the sender for its register of files of that hour: was the number written, was it sent, and how many records did it hold? A number that was never written is a jump of the counter, no loss.',
      'Look for the file in the transfer folders and in the quarantine of the firewall under its number before you ask for it again.',
    ],
    recover: [
      'Ask the sender for the missing numbers again, at once: switches and gateways keep sent files for days only.',
      'Put them into the watched folder; the finding clears when they are stored, and the usage goes through rating like any other.',
      'If they are gone, agree an estimate with finance from the usage of the same hours of the weeks before, and claim it from the partner where it was the partner that lost them.',
    ],
    sources: ['3GPP TS 32.297: file sequence number of CDR files', 'GSMA TD.57 (TAP): file sequence numbers 00001 to 99999'],
  },
  S02: {
    money: 'Risk, an estimate with a range: records that usually come in the silent time, at their mean charge. Held back is not lost yet.',
    prove: [
      seen,
      'Compare the latest arrivals of the feed: `npx weir sql "SELECT name, modified_at, received_at, stored FROM files_latest WHERE source = \'msc-1\' ORDER BY received_at DESC LIMIT 20"`.',
      'Tell apart who is silent: files on the side of the sender that were not fetched (transfer), no files there (node or mediation), or files that are there and not taken (`npx weir accounting`).',
    ],
    recover: [
      'Have the transfer or the node mended. Ask that what was held back is sent in its own order, so that no number is skipped.',
      'Before month-end ask billing to wait for the feed or to bill it as late usage; S11 says what came too late.',
      'When files come again, look at S01: numbers that are still missing are the real loss.',
    ],
    sources: ['GSMA: TAP files within 36 hours of the call, NRTRDE within 4 hours'],
  },
  S03: {
    money:
      'Leakage: charge declared and not read, exact where the trailer declares charges; else records that are missing at their mean charge.',
    prove: [
      seen,
      'Compare declared and read: `npx weir sql "SELECT name, bytes, declared_records, read, stored, rejected, dropped, declared_charge, charge FROM files_latest WHERE source = \'msc-1\' AND declared_records > 0 ORDER BY received_at DESC LIMIT 20"`.',
      'Compare bytes and SHA-256 with the copy of the sender. Equal: the sender declares wrongly, or the mapping skips a record type. Different: the transfer cut it.',
    ],
    recover: [
      'Different content: have it sent again; the corrected file takes the place of the first.',
      'Equal content: see what was left out and why, `npx weir rejects list --source msc-1`, mend the mapping and send them through again with `npx weir rejects replay --source msc-1`.',
      'If the node counts records that it lost itself (lost-CDR indicator), have the capacity of its charging buffer raised and claim the usage by its counters.',
    ],
    sources: ['3GPP TS 32.297: CDR count, lost-CDR indicator, closure reason', 'GSMA TD.57 (TAP): AuditControlInfo'],
  },
  S04: {
    money: 'Leakage, an estimate: missing numbers at the mean charge of a record of that node and service.',
    prove: [
      seen,
      'Look at the numbers next to the gap: `npx weir sql "SELECT file, min(local_sequence) AS first, max(local_sequence) AS last, count() AS records FROM usage WHERE node = \'msc-1\' AND local_sequence > 0 GROUP BY file ORDER BY first DESC LIMIT 20"`.',
      'Ask the node whether it wrote those numbers. Written: they were lost between node and file. Not written: a restart or a test moved the counter.',
      'Look for the same pattern on other nodes behind the same gateway: if all have it, the loss is in the gateway.',
    ],
    recover: [
      'Have the charging gateway send again from its store: it keeps records until they are acknowledged.',
      'Where they are gone, claim by the counters of the network (octets per APN, minutes per trunk) or by the records of the partner at the other end.',
      'Mend the cause: buffer size, GTP prime over UDP without acknowledgement, a filter of mediation that is too wide.',
    ],
    sources: ['3GPP TS 32.298: localSequenceNumber', '3GPP TS 32.295: charging data transfer'],
  },
  S05: {
    money: 'Leakage, an estimate: missing parts, or the time since the last part, at the mean charge of such a part.',
    prove: [
      seen,
      'Look at one chain: `npx weir sql "SELECT charging_id, groupArray(partial_sequence) AS parts, argMax(closing_cause, partial_sequence) AS last_cause, max(end_time) AS until FROM usage WHERE partial_sequence > 0 GROUP BY charging_id ORDER BY until DESC LIMIT 20"`.',
      'Ask the node for one missing part by its charging id and number. For an open session, ask whether it still runs (RADIUS: the session table of the NAS).',
    ],
    recover: [
      'Have the missing parts sent again; rating needs all parts of a chain to apply tiers and minimum charges rightly.',
      'Close stale sessions from the counters of the network, bill them to the last counter that is known, and mark them as estimated.',
      'Mend what loses the ends: time-outs that are shorter than interim intervals, restarts without recovery, accounting packets over UDP that are never sent again.',
    ],
    sources: ['3GPP TS 32.298: recordSequenceNumber, causeForRecClosing', 'RFC 2866: RADIUS accounting'],
  },
  S06: {
    money:
      'Leakage where records vanished or a filter takes too much, an estimate at the mean charge of the records of that stage; no amount where nothing is charged.',
    prove: [
      seen,
      'Look at the statements of the stage: `npx weir sql "SELECT * FROM stage_counters ORDER BY ingest_time DESC LIMIT 20"`.',
      'Take the file with the largest imbalance through by hand: count its records before the stage, in each folder after it, and in its log.',
      'If a filter takes more than it did, compare its rules with those of the week before; ask change management what was released.',
    ],
    recover: [
      'Send the records through again from the input files of the stage, which mediation usually keeps for weeks.',
      'Mend the rule of the filter and reprocess what it took since the change.',
      'Have each class of the stage counted, so that next time the reason is known.',
    ],
  },
  S10: {
    money:
      'Over-charging: the sum of the charges of the repeats; of legs that charge nothing, a risk at the mean charge of such a record. Owed back, so there is no day until which to bill.',
    prove: [
      seen,
      'Look at what repeats: `npx weir sql "SELECT business_key, count() AS times, groupArray(file) AS files FROM usage_keys GROUP BY business_key HAVING times > 1 ORDER BY times DESC LIMIT 20"`.',
      'Follow one into rating and billing: was it charged twice, or did billing drop it by itself? `npx weir sql "SELECT leg, file, start_time, charge, duplicate FROM usage WHERE business_key = 1 LIMIT 10"` with its key.',
      'Of calls that overlap, take the pairs to the switch: the same circuit twice is a double record, two circuits are call waiting or a conference.',
    ],
    recover: [
      'Stop the bill run for the customers concerned, or take the repeats out before it: `duplicate > 0` marks them.',
      'Credit what was billed already, without being asked, and say so on the bill; regulators ask for it.',
      'Ask the sender why it sent twice. In wholesale, refuse the second file in writing before the invoice falls due.',
    ],
  },
  S11: {
    money: 'Risk: charges of the late records themselves, or their mean charge. What is past the limit for billing late is lost.',
    prove: [
      seen,
      'See how old it was when it came: `npx weir sql "SELECT file, count() AS records, min(start_time) AS oldest, max(ingest_time) AS came, sum(charge) AS charges FROM usage WHERE ingest_time > start_time + INTERVAL 7 DAY GROUP BY file ORDER BY came DESC LIMIT 20"`.',
      'Ask the sender when it closed the file. Closed late: the node or mediation held it. Sent late: the transfer did.',
    ],
    recover: [
      'Bill what is within the limit for billing late on the next bill, marked as usage of an earlier period.',
      'In roaming, send it before the partner may reject it for its age; dispute what a partner sends too late.',
      'Write the rest off with a reason, so that rated, invoiced and written off add up, and agree a time within which usage has to come.',
    ],
    sources: [
      'GSMA BA.08: time scales of TAP files',
      'Consumer codes on billing late charges; the limit is `money.backBillDays` in the settings',
    ],
  },
  S12: {
    money:
      'Risk, an estimate: rejected records at the mean charge of those that were accepted. Not lost while they can be sent through again.',
    prove: [
      seen,
      'Which reasons, how many and since when: `npx weir rejects`.',
      'Which values fail: `npx weir sql "SELECT reason, field, detail, count() AS records, min(ingest_time) AS since FROM rejections GROUP BY reason, field, detail ORDER BY records DESC LIMIT 20"`.',
      'Compare the day of the beginning with releases of the sender and with new number ranges, tariffs and partners.',
    ],
    recover: [
      'Load what is missing (range, prefix, tariff code) or mend the mapping; `npx weir check` before the restart.',
      'Send the rejects through again: `npx weir rejects replay --source msc-1`. The accounting shows that they are stored: `npx weir accounting`.',
      'Close what can never be billed with a reason. The stock has to be empty before the limit for billing late; its age is a part of this control.',
    ],
    sources: ['TM Forum TMF635: status of usage (rejected, recycled)'],
  },
  S20: {
    money:
      'Risk where a clock moves usage into another day or price band (charges of the records concerned); over-charging where durations or volumes cannot be (their charges beyond the usual).',
    prove: [
      seen,
      'Compare the starts of both legs: `npx weir sql "SELECT leg, node, start_time, end_time, duration_seconds, charging_id FROM usage WHERE charging_id != \'\' ORDER BY charging_id, leg LIMIT 50"`.',
      'An offset of whole quarters of an hour is a time zone or daylight saving; one that grows is a clock without NTP; one that jumps is a restart.',
      'For impossible counters look at the session end: a counter of 32 bits that ran over repeats every 4 GiB; a stop without octets sets a total to 0.',
    ],
    recover: [
      'Set the clock (NTP) or the time zone of the source in `weir.yaml`, and replay what was read wrongly.',
      'Have usage that fell into the wrong price band rated again. Hold impossible records back from the bill run; credit those that were billed.',
    ],
    sources: ['RFC 2869: Acct-Input-Gigawords', 'RFC 5905: NTP'],
  },
  messages_lost: {
    money: 'No amount: what the messages held is not known. S01, S04 and S07 value what is missing where they can.',
    prove: [
      seen,
      'The ranges that were lost: `npx weir sql "SELECT source, partition, first, last, planned_at FROM batches WHERE state = \'lost\' ORDER BY planned_at DESC LIMIT 20"`.',
      'Compare with the retention of the topic and with the time that Weir or the network was down.',
    ],
    recover: [
      'Have the producer send the range again; its own store (switch, mediation, outbox) usually outlives the topic.',
      'Give the topic a retention that outlasts your longest outage with a week-end in it.',
    ],
  },
  fetch: {
    money: 'None: what is not fetched yet is not lost, as long as the other side keeps it. S01 and S02 tell what is missing of a feed.',
    prove: [
      seen,
      'Try it at once, one line per source: `npx weir check --connect`.',
      'List the last looks with their errors: `npx weir sql "SELECT source, place, due_at, finished_at, state, code, error, files, rows FROM fetches ORDER BY due_at DESC LIMIT 20"`.',
      "For other columns compare the last two shapes: `npx weir sql \"SELECT due_at, columns FROM fetches WHERE source = 'crm' AND state = 'ok' ORDER BY due_at DESC LIMIT 2\"`.",
    ],
    recover: [
      'Away: ask the owner of the server whether it is down, or whether address, key or password were changed; put new credentials into their file or environment.',
      'Late or empty: what was missed is fetched by itself when the source is back; ask the owner to keep files until then.',
      'Other columns: correct the mapping, then send what was rejected through again: `npx weir rejects replay --source crm`.',
    ],
  },
};
