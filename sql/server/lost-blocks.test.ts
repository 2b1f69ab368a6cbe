import { describe, expect, it } from 'vitest';
import { partOf } from './lost-blocks.ts';

describe('the directory of a part', () => {
  it('is told from those on their way in or out', () => {
    expect(partOf('202611_7_9_1')).toEqual({ partition: '202611', first: 7, last: 9 });
    expect(partOf('all_1_1_0_5')).toEqual({ partition: 'all', first: 1, last: 1 });
    for (const other of ['tmp_insert_202611_7_7_0', 'delete_tmp_202611_7_7_0', 'detached', 'deduplication_logs', 'format_version.txt'])
      expect(partOf(other), other).toBeUndefined();
  });
});
