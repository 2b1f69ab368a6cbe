import { expect, it } from 'vitest';
import { controls } from './controls/index.ts';
import { controlsPage } from './page.ts';
import { frameOf, seriesDefinitions } from './series/index.ts';

it('documents every definition with every limit', () => {
  const all = [...controls, ...seriesDefinitions({}).definitions.map((each) => frameOf(each))];
  const page = controlsPage(all);
  for (const { identity, title, limits, documentation } of all) {
    expect(page).toContain(`## ${identity} ${title}`);
    for (const text of Object.values(documentation)) {
      expect(text.length).toBeGreaterThan(40);
      expect(page).toContain(text);
    }
    for (const { name, default: value, min, max } of limits) {
      expect(page).toContain(`\`${name}\``);
      expect(value).toBeGreaterThanOrEqual(min);
      expect(value).toBeLessThanOrEqual(max);
    }
  }
});
