/** Reads a body by the kind of system that sent it. */
import type { Read, ReadContext } from './event.ts';
import { readGeneric } from './generic.ts';
import { readJira } from './jira.ts';
import { readPagerDuty } from './pagerduty.ts';
import { readServiceNow } from './servicenow.ts';
import { readTmf621 } from './tmf621.ts';
import type { ConnectorType } from './verify.ts';

const readers: Readonly<Record<ConnectorType, (body: string, context: ReadContext) => Read>> = {
  pagerduty: readPagerDuty,
  servicenow: readServiceNow,
  jira: readJira,
  tmf621: readTmf621,
  generic: readGeneric,
};

/** What a body says; never throws. An instant ahead of its arrival counts as its arrival: a clock that is wrong must not outrank all later words. */
export function readBody(type: ConnectorType, body: string, context: ReadContext): Read {
  const read = readers[type](body, context);
  if (!('event' in read) || read.event.at <= context.receivedAt) return read;
  return { event: { ...read.event, at: context.receivedAt } };
}
