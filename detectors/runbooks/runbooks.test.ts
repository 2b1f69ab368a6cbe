import { expect, it } from 'vitest';
import { controls } from '../controls/index.ts';
import { runbooks } from './index.ts';

it('has a runbook for every control that ships, and for nothing else', () => {
  const identities = new Set(controls.map(({ identity }) => identity));
  expect([...identities].filter((identity) => !runbooks[identity])).toEqual([]);
  expect(Object.keys(runbooks).filter((identity) => !identities.has(identity))).toEqual([]);
});

it('says in each what to type and what to do', () => {
  for (const [identity, { money, prove, recover }] of Object.entries(runbooks)) {
    expect(money.length, identity).toBeGreaterThan(40);
    expect(prove.join(' '), identity).toContain('npx weir');
    expect(prove.length + recover.length, identity).toBeGreaterThanOrEqual(4);
  }
});
