import { describe, expect, it } from 'vitest';
import { defaultIncidentSettings } from '../../incidents/settings.ts';
import { parseSettings } from '../settings/load.ts';
import { incidentSettings } from './settings.ts';

describe('incidentSettings', () => {
  it('takes limits, currency, team and address from the settings file', () => {
    const text = `
currency: CHF
http: { publicUrl: 'https://weir.example/' }
incidents: { reopenWithinMinutes: 7, team: noc, severityMoney: [1, 20, 300, 4000] }
`;
    const settings = incidentSettings(parseSettings(text, 'weir.yaml'));
    expect(settings).toMatchObject({ reopenMinutes: 7, teams: { other: 'noc' }, publicUrl: 'https://weir.example' });
    expect(settings.severity).toMatchObject({ currency: 'CHF', money: [4000, 300, 20, 1] });
  });

  it('takes the steps of the pipeline', () => {
    const set = "incidents: { pipeline: { debounce: { S02: '2 of 3', default: '5 of 4' }, holdSeconds: 5, resolveAfterMinutes: 10 } }";
    expect(incidentSettings(parseSettings(set, 'weir.yaml')).pipeline).toMatchObject({
      debounce: { S02: { n: 2, of: 3 }, default: { n: 4, of: 4 } },
      holdMs: 5_000,
      settleMs: 600_000,
    });
    expect(incidentSettings(parseSettings('', 'weir.yaml')).pipeline).toEqual(defaultIncidentSettings.pipeline);
  });

  it('has a team for each category where none is set', () => {
    expect(incidentSettings(parseSettings('', 'weir.yaml')).teams).toEqual(defaultIncidentSettings.teams);
  });
});
