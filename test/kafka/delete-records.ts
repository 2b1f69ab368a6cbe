/** Removes the beginning of a topic partition, as retention does, by the broker's own request: the client library has no call for it. */
import { connect } from 'node:net';

const deleteRecordsKey = 21;
const version = 1;
const timeoutMs = 10_000;

/** @param brokers host:port of the one broker there is @param before first offset that stays */
export function deleteRecords(brokers: string, topic: string, partition: number, before: number): Promise<void> {
  const [host = '', port = ''] = brokers.split(',')[0]?.split(':') ?? [];
  const request = Buffer.concat([
    short(deleteRecordsKey),
    short(version),
    int(1),
    text('test'),
    int(1),
    text(topic),
    int(1),
    int(partition),
    long(before),
    int(timeoutMs),
  ]);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), host, () => socket.write(Buffer.concat([int(request.length), request])));
    let answer: Buffer = Buffer.alloc(0);
    socket.setTimeout(timeoutMs * 2, () => socket.destroy(new Error('deleteRecords: no answer')));
    socket.on('error', reject);
    socket.on('data', (chunk: Buffer) => {
      answer = Buffer.concat([answer, chunk]);
      if (answer.length < 4 || answer.length < 4 + answer.readInt32BE(0)) return;
      socket.destroy();
      // The error code of the one partition ends the answer.
      const code = answer.readInt16BE(answer.length - 2);
      if (code === 0) resolve();
      else reject(new Error(`deleteRecords: error ${code} of Kafka`));
    });
  });
}

function short(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function long(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([short(bytes.length), bytes]);
}
