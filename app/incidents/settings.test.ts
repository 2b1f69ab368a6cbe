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

  it('has a team for each category where none is set', () => {
    expect(incidentSettings(parseSettings('', 'weir.yaml')).teams).toEqual(defaultIncidentSettings.teams);
  });
});
