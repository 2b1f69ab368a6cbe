/** Settings of librdkafka for consumers and producers: what the guarantees rest on is fixed, what makes it fast is preset, anything else passes through. */
import { WeirError } from '../../core/errors.ts';

export type ClientSettings = Readonly<Record<string, string | number | boolean>>;

/** Why a setting is not for the user. */
const fixed: Readonly<Record<string, string>> = {
  'bootstrap.servers': 'is set by kafka.brokers',
  'metadata.broker.list': 'is set by kafka.brokers',
  'group.id': 'is set by the group of the source',
  'group.protocol': 'is fixed: the rebalance of the classic protocol is what was tested',
  'enable.auto.commit': 'is fixed: commits follow the ledger',
  'enable.auto.offset.store': 'is fixed: an offset is stored when its records are',
  'auto.offset.reset': 'is set by startAt of the source',
  'partition.assignment.strategy': 'is fixed to cooperative-sticky, so that a rebalance stops only the partitions that move',
  'isolation.level': 'is fixed to read_committed: aborted transactions are not records',
  'enable.partition.eof': 'is fixed: ends of partitions are not messages',
  'allow.auto.create.topics': 'is fixed: a mistyped topic must not be created',
  'enable.idempotence': 'is fixed: what the library sends again must not be there twice',
  'transactional.id': 'is refused: nothing here is a transaction',
  acks: 'is fixed to all: what is acknowledged must survive a broker',
  'request.required.acks': 'is fixed to all: what is acknowledged must survive a broker',
  'plugin.library.paths': 'is refused: it loads code',
};

/** Callbacks are code; settings are data. */
const callback = /(_cb|\.cb)$/;

const consumerPreset: ClientSettings = {
  'auto.commit.interval.ms': 1000,
  'session.timeout.ms': 30_000,
  'max.poll.interval.ms': 300_000,
  'fetch.wait.max.ms': 20,
  'fetch.error.backoff.ms': 100,
  'fetch.min.bytes': 1,
  // One fetch may bring this much of each partition; a single larger message still comes.
  'max.partition.fetch.bytes': 2_097_152,
  'fetch.max.bytes': 52_428_800,
  'queued.min.messages': 200_000,
  'queued.max.messages.kbytes': 65_536,
  'socket.keepalive.enable': true,
  'reconnect.backoff.ms': 50,
  'reconnect.backoff.max.ms': 2000,
  'metadata.max.age.ms': 30_000,
  'topic.metadata.refresh.interval.ms': 10_000,
  'statistics.interval.ms': 0,
};

const producerPreset: ClientSettings = {
  'linger.ms': 5,
  'compression.codec': 'lz4',
  // Below the size that brokers take by default, so that a large message never takes others down with it.
  'batch.size': 900_000,
  // What is too large is for the broker and the topic to say.
  'message.max.bytes': 100_000_000,
  'queue.buffering.max.kbytes': 131_072,
  'delivery.timeout.ms': 60_000,
  'socket.keepalive.enable': true,
  'reconnect.backoff.ms': 50,
  'reconnect.backoff.max.ms': 2000,
  'metadata.max.age.ms': 30_000,
  'statistics.interval.ms': 0,
};

export interface ClientFacts {
  readonly brokers: string;
  /** Settings of all sources, and of this one: the latter hold. Each with its path in weir.yaml, for messages. */
  readonly given: readonly { readonly path: string; readonly settings: ClientSettings }[];
  readonly password: string;
}

export interface ConsumerFacts extends ClientFacts {
  readonly group: string;
}

/**
 * @throws WeirError config_invalid naming the setting that is not for the user
 * @example consumerSettings({ brokers: 'k:9092', group: 'g', given: [], password: '' })['group.id'] // 'g'
 */
export function consumerSettings({ brokers, group, given, password }: ConsumerFacts): ClientSettings {
  check(brokers, given);
  return {
    ...consumerPreset,
    ...(password ? { 'sasl.password': password } : {}),
    ...Object.assign({}, ...given.map(({ settings }) => settings)),
    'bootstrap.servers': brokers,
    'group.id': group,
    'enable.auto.commit': true,
    'enable.auto.offset.store': false,
    'partition.assignment.strategy': 'cooperative-sticky',
    'isolation.level': 'read_committed',
    'enable.partition.eof': false,
    'allow.auto.create.topics': false,
  };
}

/**
 * @throws WeirError config_invalid naming the setting that is not for the user
 * @example producerSettings({ brokers: 'k:9092', given: [], password: '' })['enable.idempotence'] // true
 */
export function producerSettings({ brokers, given, password }: ClientFacts): ClientSettings {
  check(brokers, given);
  return {
    ...producerPreset,
    ...(password ? { 'sasl.password': password } : {}),
    ...Object.assign({}, ...given.map(({ settings }) => settings)),
    'bootstrap.servers': brokers,
    'enable.idempotence': true,
    'allow.auto.create.topics': false,
  };
}

function check(brokers: string, given: ClientFacts['given']): void {
  if (brokers === '') {
    throw new WeirError('config_invalid', 'kafka.brokers: is missing', {
      place: 'kafka.brokers',
      hint: 'Add "kafka: { brokers: host:9092 }", or set WEIR_KAFKA_BROKERS.',
    });
  }
  for (const { path, settings } of given) for (const name of Object.keys(settings)) refuse(name, `${path}.${name}`);
}

function refuse(name: string, path: string): void {
  const why = Object.hasOwn(fixed, name) ? fixed[name] : callback.test(name) ? 'is refused: it is code' : undefined;
  if (why === undefined) return;
  throw new WeirError('config_invalid', `${path}: ${why}`, { place: path, hint: 'Leave it out.' });
}
