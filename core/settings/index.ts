/**
 * Every setting of `weir.yaml` with its default and its meaning. The check, the configuration reference and the
 * environment overrides all come from this one schema.
 */
import Type, { type Static } from 'typebox';
import { Calendars } from './calendar.ts';
import { Control } from './control.ts';
import { Detectors } from './detectors.ts';
import { Experience } from './experience.ts';
import { S3Source, type S3SourceSettings, SftpSource, type SftpSourceSettings, SqlSource, type SqlSourceSettings } from './fetch.ts';
import { Inbound } from './inbound.ts';
import { Incidents } from './incidents.ts';
import { Sla, Slo } from './levels.ts';
import { LifeCycle } from './life-cycle.ts';
import { Reconciliation } from './reconciliation.ts';
import { Service } from './service.ts';
import { format, numbering } from './source.ts';
import { Status } from './status.ts';
import { Targets } from './targets.ts';

const strict = { additionalProperties: false };
const name = Type.String({ pattern: '^[a-z0-9][a-z0-9_-]{0,62}$', description: 'Lower-case letters, digits, - and _.' });

const ClickHouse = Type.Object(
  {
    url: Type.String({
      default: '',
      description: 'URL of a ClickHouse server, e.g. https://ch.example:8443. Empty: Weir runs its own on this machine.',
    }),
    user: Type.String({ default: 'weir', description: 'User that owns the database.' }),
    password: Type.String({ default: '', description: 'Its password; better in passwordFile or WEIR_CLICKHOUSE_PASSWORD.' }),
    passwordFile: Type.String({ default: '', description: 'File that holds the password.' }),
    cluster: Type.String({ default: '', description: 'Name of the cluster, when tables are to be replicated and distributed.' }),
    httpPort: Type.Integer({
      default: 8123,
      minimum: 1,
      maximum: 65535,
      description: 'HTTP port of the own server; the next free one if taken.',
    }),
    nativePort: Type.Integer({
      default: 9000,
      minimum: 1,
      maximum: 65535,
      description: 'Native port of the own server; the next free one if taken.',
    }),
  },
  { ...strict, default: {}, description: 'Where the data is stored.' },
);

const Token = Type.Object(
  {
    name: Type.String({ description: 'Who uses it; shown in the audit.' }),
    token: Type.Optional(Type.String({ minLength: 16, description: 'The bearer token; better in tokenFile.' })),
    tokenFile: Type.Optional(Type.String({ description: 'File that holds the token.' })),
    role: Type.Union([Type.Literal('reader'), Type.Literal('operator'), Type.Literal('ingest')], {
      default: 'reader',
      description: 'reader: look. operator: look, act on incidents, replay. ingest: post records only.',
    }),
  },
  strict,
);

const Http = Type.Object(
  {
    host: Type.String({ default: '127.0.0.1', description: 'Address to listen on. Anything but loopback needs tokens.' }),
    port: Type.Integer({ default: 8080, minimum: 1, maximum: 65535, description: 'Port; the next free one if taken.' }),
    publicUrl: Type.String({
      default: '',
      description: 'URL under which people reach it, for links in webhooks. Empty: the address it listens on.',
    }),
    tokens: Type.Array(Token, { default: [], description: 'Bearer tokens.' }),
    maxBodyBytes: Type.Integer({ default: 33_554_432, minimum: 1024, description: 'Largest body of a posted batch, after unpacking.' }),
    webhookKeyFile: Type.String({
      default: '',
      description:
        'File with the key (at least 32 bytes, hex or base64) of which secrets of registered webhooks are made. Empty: made in the data directory. Processes on several machines need the same one.',
    }),
    maxConcurrentPosts: Type.Integer({
      default: 8,
      minimum: 1,
      description: 'Posted batches in work at once; more get 429 with Retry-After.',
    }),
  },
  { ...strict, default: {}, description: 'API, console and HTTP ingest.' },
);

const optionalTopic = (description: string) => Type.String({ default: '', pattern: '^[a-zA-Z0-9._-]{0,249}$', description });

const publishTo = Type.Optional(
  Type.String({
    pattern: '^[a-zA-Z0-9._-]{1,249}$',
    description:
      'Topic to which its records are published instead of being stored here: as JSON, at most 100 in a message, before any processor has seen them.',
  }),
);

const FileSource = Type.Object(
  {
    type: Type.Literal('file'),
    directory: Type.String({ description: 'Directory that is watched.' }),
    pattern: Type.String({ default: '*', description: 'File names to take; * and ? as in a shell, several separated by commas.' }),
    complete: Type.Union([Type.Literal('quiet'), Type.Literal('rename')], {
      default: 'quiet',
      description:
        'When a file is complete: quiet = unchanged for quietSeconds; rename = as soon as it has a name that matches (writers use another name until then).',
    }),
    quietSeconds: Type.Number({
      default: 5,
      minimum: 0,
      maximum: 86_400,
      description: 'Seconds without change after which a file is complete.',
    }),
    after: Type.Union([Type.Literal('keep'), Type.Literal('move'), Type.Literal('delete')], {
      default: 'keep',
      description: 'What becomes of a stored file.',
    }),
    moveTo: Type.Optional(Type.String({ description: 'Directory for after: move. Default: "done" beside the file.' })),
    ...numbering,
    publishTo,
    ...format,
  },
  { ...strict, title: 'file' },
);

const HttpSource = Type.Object({ type: Type.Literal('http'), publishTo, ...format }, { ...strict, title: 'http' });

/** Settings of librdkafka by their own names; those that the guarantees rest on are refused. */
const librdkafka = Type.Record(Type.String({ pattern: '^[a-z][a-z0-9_.]*$' }), Type.Union([Type.String(), Type.Number(), Type.Boolean()]), {
  default: {},
  description:
    'Any setting of librdkafka, e.g. security.protocol, sasl.mechanisms, ssl.ca.location, client.rack. A few are fixed; docs/kafka.md says which.',
});

const topicName = Type.String({ pattern: '^[a-zA-Z0-9._-]{1,249}$' });

const Kafka = Type.Object(
  {
    brokers: Type.String({ default: '', description: 'Brokers to begin with, host:port, several separated by commas.' }),
    passwordFile: Type.String({ default: '', description: 'File that holds the password of SASL (sasl.password).' }),
    client: librdkafka,
    processes: Type.Integer({
      default: 1,
      minimum: 1,
      maximum: 32,
      description:
        'Ingest processes of this machine that read topics; they share the partitions. More than one where one processor core is not enough.',
    }),
    findingsTopic: optionalTopic('Topic to which every finding is published. Empty: none.'),
    incidentsTopic: optionalTopic('Topic to which every transition of an incident is published. Empty: none.'),
    minimumSeverity: Type.Integer({
      default: 5,
      minimum: 1,
      maximum: 5,
      description: 'Least severe incidents that are published: 1 critical … 5 all.',
    }),
  },
  { ...strict, default: {}, description: 'The Kafka cluster: of the sources of type kafka, and of what is published.' },
);

const KafkaSource = Type.Object(
  {
    type: Type.Literal('kafka'),
    topics: Type.Array(topicName, { minItems: 1, maxItems: 100, uniqueItems: true, description: 'Topics to read.' }),
    group: Type.String({
      default: '',
      pattern: '^[a-zA-Z0-9._-]{0,249}$',
      description: 'Consumer group; all instances of a source share one. Empty: weir-TENANT-SOURCE.',
    }),
    startAt: Type.Union([Type.Literal('earliest'), Type.Literal('latest')], {
      default: 'earliest',
      description: 'Where a partition is begun of which neither the ledger nor the group knows anything.',
    }),
    recordsPerMessage: Type.Integer({
      default: 1,
      minimum: 1,
      maximum: 100_000,
      description:
        'Most records in one message. Position of a record = offset x this + its number in the message, so it must not change while the topic lives. A message with more is rejected.',
    }),
    batchSeconds: Type.Number({
      default: 0.5,
      minimum: 0.01,
      maximum: 60,
      description: 'Longest time a record waits for its batch to fill before it is stored.',
    }),
    deadLetterTopic: optionalTopic(
      'Topic that gets each rejected record with its original bytes, key and headers, and headers that say why and where. While it cannot be written, the partition waits. Empty: the rejects table alone.',
    ),
    settings: librdkafka,
    ...format,
  },
  { ...strict, title: 'kafka' },
);

const Webhook = Type.Object(
  {
    name,
    url: Type.String({ pattern: '^https?://', description: 'Where incidents are posted.' }),
    secret: Type.Optional(Type.String({ description: 'Signing secret, whsec_…; better in secretFile.' })),
    secretFile: Type.Optional(
      Type.String({ description: 'File that holds one secret per line; the first signs first, all sign during a rotation.' }),
    ),
    minimumSeverity: Type.Integer({
      default: 5,
      minimum: 1,
      maximum: 5,
      description: 'Least severe incidents that are sent: 1 critical … 5 all.',
    }),
    timeoutSeconds: Type.Number({ default: 15, minimum: 1, maximum: 30, description: 'Deadline of one delivery.' }),
    cloudEvents: Type.Boolean({ default: false, description: 'Also the headers of CloudEvents 1.0 in binary mode.' }),
  },
  strict,
);

const MoneySettings = Type.Object(
  {
    backBillDays: Type.Integer({
      default: 180,
      minimum: 0,
      maximum: 3650,
      description:
        'Days after usage within which it may still be billed or disputed: findings of leakage say until when. 0: there is no such limit. Law, consumer codes and contracts with partners set it; the default is a practice, not a law.',
    }),
  },
  { ...strict, default: {}, description: 'What holds for the money of findings.' },
);

const Pseudonyms = Type.Object(
  {
    keyFile: Type.String({
      default: '',
      description: 'File with the key (at least 32 bytes, hex or base64). Empty: made at first start in the data directory.',
    }),
    cacheBytes: Type.Integer({
      default: 33_554_432,
      minimum: 65_536,
      maximum: 1_073_741_824,
      description: 'Memory for pseudonyms already computed.',
    }),
  },
  { ...strict, default: {}, description: 'Subscriber identity is stored as keyed pseudonyms only.' },
);

const Ingest = Type.Object(
  {
    batchRecords: Type.Integer({
      default: 50_000,
      minimum: 100,
      maximum: 500_000,
      description: 'Records per batch: one insert, one ledger row.',
    }),
    recentKeys: Type.Integer({
      default: 500_000,
      minimum: 1000,
      maximum: 50_000_000,
      description: 'Business keys remembered to mark duplicates as they arrive; 64 to 128 bytes each.',
    }),
    maxRecordBytes: Type.Integer({ default: 1_048_576, minimum: 256, description: 'Longest record; a longer one is rejected.' }),
    maxUnpackedBytes: Type.Integer({ default: 107_374_182_400, minimum: 1024, description: 'Largest size of one file after unpacking.' }),
    maxUnpackRatio: Type.Integer({
      default: 200,
      minimum: 2,
      description: 'Largest ratio of unpacked to packed size (beyond the first 64 MiB): more is taken for a bomb.',
    }),
    maxSpoolBytes: Type.Integer({
      default: 21_474_836_480,
      minimum: 1_048_576,
      description:
        'Most bytes of fetched files that lie in the data directory and are not stored yet, by source. A larger file is taken alone.',
    }),
    scanSeconds: Type.Number({ default: 1, minimum: 0.1, maximum: 3600, description: 'Seconds between looks at watched directories.' }),
  },
  { ...strict, default: {}, description: 'Limits of taking records in.' },
);

const Retention = Type.Object(
  {
    recordsDays: Type.Integer({ default: 400, minimum: 1, description: 'Records of every kind.' }),
    rejectsDays: Type.Integer({ default: 90, minimum: 1, description: 'Original bytes of rejected records.' }),
  },
  { ...strict, default: {}, description: 'How long data is kept.' },
);

/** The whole of `weir.yaml`. */
export const Settings = Type.Object(
  {
    tenant: Type.String({
      default: 'main',
      pattern: '^[a-z0-9][a-z0-9_-]{0,62}$',
      description: 'Name of the operator whose data this is.',
    }),
    country: Type.String({
      default: '',
      pattern: '^([A-Z]{2})?$',
      description: 'Home country, ISO 3166 alpha-2: national numbers are read as numbers of this country.',
    }),
    currency: Type.String({ default: 'EUR', pattern: '^[A-Z]{3}$', description: 'Currency of amounts, ISO 4217.' }),
    timeZone: Type.String({ default: 'UTC', description: 'IANA time zone of the operator: rhythm of day and week.' }),
    sources: Type.Record(
      Type.String({ pattern: '^[a-z0-9][a-z0-9_-]{0,62}$' }),
      Type.Union([FileSource, HttpSource, KafkaSource, SftpSource, S3Source, SqlSource]),
      {
        default: {},
        description: 'Where records come from, by name.',
      },
    ),
    webhooks: Type.Array(Webhook, { default: [], description: 'Where incidents are sent as signed webhooks.' }),
    targets: Targets,
    inbound: Inbound,
    calendars: Calendars,
    detectors: Detectors,
    controls: Type.Record(Type.String(), Control, {
      default: {},
      description: 'Controls by id, e.g. S01, and controls of your own under names of your own.',
    }),
    money: MoneySettings,
    reconciliation: Reconciliation,
    experience: Experience,
    lifeCycle: LifeCycle,
    incidents: Incidents,
    service: Service,
    slo: Slo,
    sla: Sla,
    status: Status,
    clickhouse: ClickHouse,
    kafka: Kafka,
    http: Http,
    ingest: Ingest,
    pseudonyms: Pseudonyms,
    retention: Retention,
    logLevel: Type.Union([Type.Literal('debug'), Type.Literal('info'), Type.Literal('warn'), Type.Literal('error')], {
      default: 'info',
      description: 'Least level that is logged.',
    }),
  },
  strict,
);

export type { CalendarDay, CalendarSettings, RecurringMaintenance } from './calendar.ts';
export type { ControlSettings } from './control.ts';
export type { ExperienceSettings } from './experience.ts';
export type { FetchSourceSettings, S3SourceSettings, SftpServerSettings, SftpSourceSettings, SqlSourceSettings } from './fetch.ts';
export type { InboundSettings } from './inbound.ts';
export type { IncidentsSettings } from './incidents.ts';
export type { LifeCycleSettings } from './life-cycle.ts';
export type { ComparisonSettings, ReconciliationSettings, ToleranceSettings } from './reconciliation.ts';
export type { TargetOf, TargetSettings, TargetType } from './targets.ts';
export { targetShapes } from './targets.ts';
export type Settings = Static<typeof Settings>;
export type FileSourceSettings = Static<typeof FileSource>;
export type HttpSourceSettings = Static<typeof HttpSource>;
export type KafkaSettings = Static<typeof Kafka>;
export type KafkaSourceSettings = Static<typeof KafkaSource>;
export type SourceSettings =
  | FileSourceSettings
  | HttpSourceSettings
  | KafkaSourceSettings
  | SftpSourceSettings
  | S3SourceSettings
  | SqlSourceSettings;
export type WebhookSettings = Static<typeof Webhook>;
