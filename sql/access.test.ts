import { describe, expect, it } from 'vitest';
import { kinds } from '../core/kinds/index.ts';
import { accessSql, analystGrants, usersXml } from './access.ts';
import { migrationsIn } from './migrate.ts';
import { renderMigration } from './render.ts';

const passwords = { weir: 'owner secret', analyst: 'analyst secret' };

describe('access', () => {
  it('lets analysts read every record kind, and of rejects no bytes', () => {
    const grants = analystGrants();
    for (const kind of kinds) expect(grants).toContain(`SELECT ON weir.${kind.table}`);
    const rejects = grants.filter((grant) => /\brejects\b/.test(grant));
    expect(rejects).toHaveLength(1);
    expect(rejects[0]).not.toContain('bytes');
    expect(grants.join()).not.toMatch(/audit|claims|system\.|ALL|INSERT/);
  });

  it('names tables and views that the migrations make, and every view', () => {
    const made = new Set(['migrations']);
    const views: string[] = [];
    for (const statement of migrationsIn().flatMap(({ text }) => renderMigration(text))) {
      const match = /^CREATE (TABLE|VIEW) IF NOT EXISTS weir\.(\w+)/.exec(statement);
      if (match?.[2] !== undefined) made.add(match[2]);
      if (match?.[1] === 'VIEW' && match[2] !== undefined) views.push(match[2]);
    }
    const granted = analystGrants().map((grant) => /weir\.(\w+)$/.exec(grant)?.[1] ?? '');
    for (const name of granted) expect(made).toContain(name);
    expect(granted).toEqual(expect.arrayContaining(views));
  });

  it('writes no password in clear', () => {
    const all = usersXml(passwords) + accessSql(passwords).join('\n');
    expect(all).not.toContain('secret');
    expect(usersXml(passwords).match(/[0-9a-f]{64}/g)).toHaveLength(2);
  });

  it('says the same in SQL, with a cluster where there is one', () => {
    const statements = accessSql(passwords);
    for (const grant of analystGrants()) expect(statements).toContain(`GRANT ${grant} TO weir_analyst`);
    expect(accessSql(passwords, 'c').every((statement) => statement.includes("ON CLUSTER 'c'"))).toBe(true);
  });
});
