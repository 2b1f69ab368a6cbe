import { describe, expect, it } from 'vitest';
import { kinds } from '../../core/kinds/index.ts';
import { dataModelPage, migrationsText, tablesOf, viewsOf } from '../../docs/generate/data-model.ts';

const sql = migrationsText();
const page = dataModelPage();

describe('the data model', () => {
  it('has every table and every view of the migrations, each with a comment', () => {
    const made = [...sql.matchAll(/CREATE TABLE IF NOT EXISTS weir\.(\w+)/g)].map(([, name]) => name);
    const tables = tablesOf(sql);
    expect(tables.map(({ name }) => name)).toEqual(made);
    for (const { name, comment, columns } of tables) {
      expect(comment, name).not.toBe('');
      expect(columns.length, name).toBeGreaterThan(3);
      expect(page).toContain(`\n### ${name}\n`);
    }
    const views = viewsOf(sql);
    expect(views.length).toBe([...sql.matchAll(/CREATE VIEW /g)].length);
    for (const { name, comment } of views) {
      expect(comment, name).not.toBe('');
      expect(page).toContain(`| \`${name}\` |`);
    }
  });

  it('has every column of a table and says nothing of columns that do not exist', () => {
    const lines = sql.split('\n').filter((line) => /^ {4}`\w+` /.test(line)).length;
    expect(tablesOf(sql).reduce((sum, { columns }) => sum + columns.length, 0)).toBe(lines);
    for (const kind of kinds)
      for (const name of Object.keys(kind.columns)) expect(page, `${kind.name}.${name}`).toContain(`| \`${name}\` |`);
  });
});
