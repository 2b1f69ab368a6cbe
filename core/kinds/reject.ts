/** Rejected record: written by the pipeline itself, under the same positions and tokens as the records of its batch. */
import { bytes, type ColumnOf, code, flag, type Kind, type RecordOf, text } from '../column.ts';

const columns = {
  reason: code('Stable reason code'),
  field: code('Column or field at fault; empty = the record as a whole'),
  detail: text('What is wrong, for a person; never an identity'),
  kind: code('Record kind it would have become'),
  bytes: bytes('Original bytes, for the owner only'),
  header: code('Header row of its file, where the format needs it to read the bytes again'),
  truncated: flag('The original was longer than what is kept'),
} satisfies Record<string, ColumnOf>;

export const reject: Kind<typeof columns> = {
  name: 'reject',
  table: 'rejects',
  comment: 'Rejected records with their bytes, reason and place.',
  columns,
  required: ['reason'],
};

export type RejectRecord = RecordOf<typeof columns>;
