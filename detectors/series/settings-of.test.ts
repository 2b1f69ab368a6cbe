import { expect, it } from 'vitest';
import { seriesDefinitions } from './definition.ts';
import { settingsOf } from './settings-of.ts';

it('makes the same detector again', () => {
  const { definitions } = seriesDefinitions({});
  const given = Object.fromEntries(definitions.map((definition) => [definition.identity, settingsOf(definition)]));
  expect(seriesDefinitions(given)).toEqual({ definitions, problems: [] });
  const copies = Object.fromEntries(definitions.map((definition) => [`my_${definition.identity}`, settingsOf(definition)]));
  for (const copy of seriesDefinitions(copies).definitions.filter(({ identity }) => identity.startsWith('my_'))) {
    const { identity: _identity, kind: _kind, ...rest } = copy;
    const { identity: _own, kind: _ownKind, ...own } = definitions.find(({ identity }) => `my_${identity}` === copy.identity)!;
    expect(rest).toEqual(own);
  }
});
