/** What goes in and out of the API, for the checks of requests and for the OpenAPI document. Answers are open: readers ignore what they do not know. */
import Type, { type TSchema } from 'typebox';
import { causes } from '../../incidents/review.ts';

const text = (description: string) => Type.String({ description });
const count = (description: string) => Type.Integer({ minimum: 0, description });
const instant = (description: string) => Type.String({ format: 'date-time', description: `${description}; ISO 8601, UTC` });
const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const open = { additionalProperties: true };

export const ErrorBody = Type.Object(
  { error: text('Code'), message: text('What is wrong'), hint: text('What helps') },
  { description: 'What every error looks like' },
);

/** Answers that every route may give, over its own. */
export const answers = <T extends Readonly<Record<number, TSchema>>>(own: T): T & { '4xx': typeof ErrorBody; '5xx': typeof ErrorBody } => ({
  ...own,
  '4xx': ErrorBody,
  '5xx': ErrorBody,
});

export const Severity = Type.Integer({ minimum: 1, maximum: 5, description: '1 critical, 2 major, 3 minor, 4 warning, 5 informational' });

/** Values separated by commas. */
export const list = (pattern: string, description: string) =>
  Type.Optional(Type.String({ pattern: `^${pattern}(,${pattern}){0,31}$`, description: `${description}; several separated by commas` }));

export const paging = {
  limit: Type.Integer({ minimum: 1, maximum: 500, default: 50, description: 'Largest number of entries' }),
  cursor: Type.Optional(Type.String({ maxLength: 400, description: '`next` of the page before' })),
};

export const since = Type.Optional(instant('Only from this instant on'));
const next = nullable(text('Cursor of the next page; null on the last one'));

/** A page of entries. */
export const pageOf = <T extends TSchema>(item: T, description: string) => Type.Object({ items: Type.Array(item), next }, { description });

export const IncidentSummary = Type.Object(
  {
    incident_id: text('One per opening'),
    incident_key: text('Stable over re-opening'),
    sequence: count('Grows by one with each transition'),
    state: text('open, acknowledged, in_progress, resolved, closed'),
    severity: Severity,
    category: text('revenue, service, data'),
    title: text('Title'),
    summary: text('What, how much, since when, why'),
    team: text('Team it is routed to'),
    assignee: text('Who works on it; empty = nobody'),
    money: nullable(text('Amount in `currency`, a decimal')),
    currency: text('ISO 4217'),
    customers: count('Customers concerned'),
    rank: count('Larger = first: by severity, then by customers and money at stake'),
    began_at: instant('When what is wrong began'),
    detected_at: instant('When it was detected'),
    updated_at: instant('Its latest transition'),
  },
  { ...open, description: 'An incident in a list' },
);

const Transition = Type.Object(
  {
    sequence: count('Grows by one'),
    transition: text(
      'opened, updated, acknowledged, in_progress, held, assigned, prioritised, escalated, flapping, merged, resolved, closed, reopened',
    ),
    state: text('State after it'),
    severity: Severity,
    money: nullable(text('Amount after it')),
    currency: text('ISO 4217'),
    customers: count('Customers after it'),
    at: instant('When'),
  },
  open,
);

export const IncidentDetail = Type.Object(
  {
    incident: Type.Object(
      { incident_id: text('One per opening'), state: text('State'), sequence: count('Sequence'), finding: Type.Object({}, open) },
      { ...open, description: 'The whole incident as webhooks carry it: finding, impact, explanation, evidence, timeline' },
    ),
    transitions: Type.Array(Transition),
  },
  { description: 'One incident in full' },
);

/** What became of a finding of an incident. */
export const IncidentFinding = Type.Object(
  {
    finding_key: text('Finding'),
    detector: text('Control or detector'),
    state: text('firing or cleared'),
    detected_at: instant('When it said so'),
    outcome: text('own, symptom, child, suppressed, gated'),
    step: text('Where it was decided: gate, debounce, silence, parent, merge, open, flapping'),
    reason: text('Why'),
    at: instant('When it was decided'),
  },
  { ...open, description: 'A finding of an incident, and why it belongs to it' },
);

const seconds = (description: string) =>
  Type.Object(
    {
      count: count('Of so many'),
      median: nullable(Type.Number({ description: 'Median, s' })),
      p90: nullable(Type.Number({ description: '90th percentile, s' })),
    },
    { description },
  );

/** Figures of incidents. */
export const IncidentStats = Type.Object(
  {
    severities: Type.Array(
      Type.Object(
        {
          severity: Type.Integer({ minimum: 0, maximum: 5, description: '1 to 5; 0 = all' }),
          incidents: count('Opened in the stretch'),
          detect: seconds('MTTD: from the first affected moment to the detection'),
          acknowledge: seconds('MTTA: from opening to the first acknowledgement'),
          resolve: seconds('MTTR: from opening to the resolution that lasted'),
          states: Type.Record(Type.String(), seconds('Time in the state'), { description: 'By state; held apart' }),
          reopened: count('Reopened at least once'),
          escalated: count('Escalated at least once'),
          resolved: count('Resolved and not open again'),
          first_line_share: nullable(Type.Number({ description: 'Share of the resolved that never left the first line' })),
        },
        open,
      ),
    ),
    findings: count('Findings that fired in the stretch'),
    compression: nullable(Type.Number({ description: '1 - incidents / findings' })),
    missed: count('Incidents that a customer saw before Weir did'),
    missed_share: nullable(Type.Number({ description: 'The missed-incident rate: such incidents / all; to be read with the compression' })),
  },
  { description: 'How long incidents took' },
);

export const ActionBody = Type.Object(
  {
    note: Type.Optional(Type.String({ maxLength: 4000, description: 'For the timeline; of hold the reason, which it needs' })),
    assignee: Type.Optional(Type.String({ maxLength: 200, description: 'Of assign: a person; empty takes the person off' })),
    team: Type.Optional(Type.String({ maxLength: 200, description: 'Of assign: a team' })),
    priority: Type.Optional(Type.Integer({ minimum: 0, maximum: 5, description: 'Of prioritise: 1 to 5; 0 = as its severity' })),
    cause: Type.Optional(
      Type.Union(
        causes.map((cause) => Type.Literal(cause)),
        { description: 'Of close: the cause that it is filed under' },
      ),
    ),
    useful: Type.Optional(
      Type.Union([Type.Literal('useful'), Type.Literal('noise')], { description: 'Of close: whether it was worth the attention' }),
    ),
    satisfaction: Type.Optional(Type.Integer({ minimum: 1, maximum: 5, description: 'Of close: how content you are with how it went' })),
  },
  { additionalProperties: false, description: 'What belongs to the action' },
);

export const Finding = Type.Object(
  {
    finding_key: text('Stable hash of detector, metric and scope'),
    detector: text('Control or detector'),
    state: text('firing or cleared'),
  },
  { ...open, description: 'A finding in full' },
);

export const ControlResult = Type.Object(
  {
    control: text('Control'),
    window_from: instant('First instant of the judged window'),
    window_to: instant('First instant after it'),
    cell: Type.Record(Type.String(), Type.String(), { description: 'Cell of the comparison' }),
    observed: nullable(Type.Number()),
    expected: nullable(Type.Number()),
    state: text('ok, violation, not_applicable, waiting'),
    note: text('Why'),
    money: nullable(text('Amount at stake')),
    currency: text('ISO 4217'),
    judged_at: instant('When it was judged'),
  },
  { ...open, description: 'What a control said about a window and cell' },
);

export const Accounting = Type.Object(
  {
    read: count('Positions read'),
    stored: count('Stored as records'),
    rejected: count('Rejected; kept with their bytes'),
    dropped: count('Left out by a rule'),
    in_flight: count('Planned, insert not answered yet'),
    in_tables: count('Rows really in the tables'),
    balanced: Type.Boolean({ description: 'read = stored + rejected + dropped' }),
    proved: Type.Boolean({ description: 'As many rows in the tables as the ledger says' }),
  },
  { description: 'What was read and what became of it' },
);

export const Source = Type.Object(
  {
    source: text('Name'),
    type: text('file, http or kafka; empty = not in the settings any more'),
    format: text('Format as configured; empty = found out'),
    accounting: Accounting,
    files: Type.Object({ stored: count(''), replay: count(''), rejected: count(''), reading: count(''), empty: count('') }, open),
    last_received_at: nullable(instant('When its last file came')),
  },
  { description: 'A source with its accounting' },
);

export const File = Type.Object(
  {
    name: text('Name without directories'),
    sha256: text('Identity within its source'),
    state: text('reading, stored, replay, rejected, empty'),
    read: count('Positions read'),
    stored: count('Stored'),
    rejected: count('Rejected'),
    dropped: count('Left out by a rule'),
    received_at: instant('When it was taken'),
    error: text('Why it was refused as a whole'),
  },
  { ...open, description: 'The receipt of a file' },
);

export const Reject = Type.Object(
  {
    record_id: text('Identity of the position'),
    source: text('Source'),
    partition: text('What orders positions'),
    position: text('Position within it'),
    file: text('File'),
    reason: text('Stable code'),
    field: text('Field at fault'),
    detail: text('What is wrong'),
    kind: text('Kind of record it would have become'),
    truncated: Type.Boolean({ description: 'Only the beginning of the bytes was kept' }),
    replayed: Type.Boolean({ description: 'It was sent through again' }),
    ingest_time: instant('When it came'),
  },
  { description: 'A rejected record without its bytes' },
);

export const RejectReason = Type.Object(
  {
    source: text('Source'),
    reason: text('Stable code'),
    field: text('Field at fault'),
    rejects: count('How many'),
    waiting: count('Not replayed yet and kept whole'),
    last_at: instant('The latest'),
    example: text('What one of them says'),
  },
  { description: 'Why records were rejected' },
);

export const SourceName = Type.String({ pattern: '^[a-z0-9][a-z0-9_-]{0,62}$', description: 'Name of a source' });

const share = (description: string) => nullable(Type.Number({ minimum: 0, description }));

export const DetectorSummary = Type.Object(
  {
    detector: text('Name'),
    title: text('Title'),
    metric: text('Metric of the catalogue'),
    dimensions: Type.Array(Type.String(), { description: 'Dimensions, coarse to fine' }),
    series: count('Series that it watches'),
    open: count('Series with a finding against them'),
    learning: count('Series that have nothing to compare with yet'),
    blind: count('Series of which not even a full stop would be seen within an hour'),
    median_visible_drop: share(
      'Middle of the smallest drops that would be seen within an hour, a share; null = most are blind, or nothing is known',
    ),
    judged_to: nullable(instant('End of the last bucket judged')),
    written_at: nullable(instant('When these figures were written')),
  },
  { ...open, description: 'A detector over series' },
);

export const Series = Type.Object(
  {
    detector: text('Detector'),
    series_key: text('Stable hash of detector and scope'),
    metric: text('Metric'),
    scope: Type.Record(Type.String(), Type.String(), { description: 'Dimension to value' }),
    unit: text('Unit of the figures'),
    first_seen: nullable(instant('Start of its first bucket')),
    judged_to: nullable(instant('End of the last bucket judged')),
    bucket_seconds: count('Length of a bucket'),
    observed: nullable(Type.Number({ description: 'Value of the last bucket; null = no data' })),
    expected: nullable(Type.Number({ description: 'What was expected of it; null = still learning' })),
    lower: nullable(Type.Number({ description: 'Lower end of the band' })),
    upper: nullable(Type.Number({ description: 'Upper end of the band' })),
    score: nullable(Type.Number({ description: '-log10 of the calibrated p of the last bucket' })),
    visible_drop: share('Smallest drop that would be seen within an hour, a share; null = not even a full stop'),
    open: Type.Boolean({ description: 'Whether a finding stands against it' }),
  },
  { ...open, description: 'A series as it stands' },
);

const drawn = (description: string) => Type.Array(Type.Number(), { description });

export const SeriesColumns = Type.Object(
  {
    series: Series,
    time: Type.Array(Type.Integer(), {
      description: 'Start of the buckets in seconds since 1970 UTC, rising; those that are not stored are left out',
    }),
    observed: drawn('Observed values of the buckets, seven digits'),
    expected: drawn('Expected values'),
    lower: drawn('Lower ends of the band'),
    upper: drawn('Upper ends of the band'),
  },
  { description: 'One series as columns of the same length' },
);

export const SeriesDetail = Type.Object(
  {
    series: Series,
    scores: Type.Array(
      Type.Object(
        {
          event_time: instant('Start of the bucket'),
          observed: Type.Number(),
          expected: Type.Number(),
          lower: Type.Number(),
          upper: Type.Number(),
          score: Type.Number({ description: '-log10 p' }),
        },
        open,
      ),
      { description: 'In order of time; buckets between them that were neither marked nor pinned are not stored' },
    ),
  },
  { description: 'One series' },
);
