/** `npm run boards`: writes every board to `json/` as classic JSON, which Grafana provisions. What is committed there is what this gives. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { boards } from './index.ts';
import { type Board, dashboard } from './kit/board.ts';

export const folder = fileURLToPath(new URL('./json/', import.meta.url));

/** Name of the file of a board. @example fileOf({ uid: 'weir-kpi' }) // 'weir-kpi.json' */
export const fileOf = ({ uid }: Pick<Board, 'uid'>): string => `${uid}.json`;

/** The text of the file of a board. */
export const textOf = (board: Board): string => `${JSON.stringify(dashboard(board), null, 2)}\n`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(folder, { recursive: true });
  const wanted = new Set(boards.map(fileOf));
  for (const name of readdirSync(folder)) if (!wanted.has(name)) rmSync(join(folder, name));
  for (const board of boards) writeFileSync(join(folder, fileOf(board)), textOf(board));
  console.log(`${boards.length} boards written to dashboards/boards/json`);
}
