import { describe, expect, it } from 'vitest';
import { usage } from '../../core/kinds/index.ts';
import { newRecord } from '../../core/record.ts';
import { MessageBuilder, publishedFacts } from './outlet.ts';

const constants = { tenant: 'main', source: 'msc', partition: 'sha256:ab', file: 'a.csv', ingestTime: 0 };

function messages(count: number, text = ''): { id: string; records: string; lines: number }[] {
  const builder = new MessageBuilder(usage);
  builder.reset(constants);
  for (let index = 0; index < count; index++) builder.append({ ...newRecord(usage), session_id: `${index}${text}` }, index * 2 + 1);
  return builder.messagesOf(builder.encode()).map(({ key, value, headers = [] }) => {
    expect(key).toBe('msc/sha256:ab');
    const named = Object.fromEntries(headers);
    return { id: String(named['weir-id']), records: String(named['weir-records']), lines: String(value).split('\n').length };
  });
}

describe('records as messages', () => {
  it('are packed a hundred at a time, each message named by its place', () => {
    expect(messages(0)).toEqual([]);
    expect(messages(205)).toEqual([
      { id: 'main/msc/sha256:ab/1-199', records: '100', lines: 100 },
      { id: 'main/msc/sha256:ab/201-399', records: '100', lines: 100 },
      { id: 'main/msc/sha256:ab/401-409', records: '5', lines: 5 },
    ]);
  });

  it('are fewer in a message where they are long; one that is too long is alone', () => {
    expect(messages(5, 'x'.repeat(200_000)).map(({ records }) => records)).toEqual(['2', '2', '1']);
    expect(messages(2, 'x'.repeat(600_000)).map(({ records }) => records)).toEqual(['1', '1']);
  });

  it('are accounted for as left out by a rule of that name', () => {
    const facts = { rejectedBy: {}, droppedBy: { header: 1 }, eventFrom: 0, eventTo: 0 };
    expect(publishedFacts({ ...facts, counts: { read: 10, stored: 7, rejected: 2, dropped: 1 } })).toMatchObject({
      counts: { read: 10, stored: 0, rejected: 2, dropped: 8 },
      droppedBy: { header: 1, published: 7 },
    });
  });
});
