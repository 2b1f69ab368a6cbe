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

  it('refuses teams and targets that are not there, and circles', () => {
    const problems = (text: string): string => {
      try {
        parseSettings(text, 'weir.yaml');
        return '';
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(problems('incidents: { routes: [{ team: noc }] }')).toContain('weir.yaml:1: incidents.routes.0.team: there is no team noc');
    expect(problems('incidents: { teams: { noc: { targets: [pager] } } }')).toContain('there is no target pager');
    expect(problems('incidents: { teams: { a: { escalateTo: b }, b: { escalateTo: a } } }')).toContain(
      'it comes back to a team that had it',
    );
    expect(problems("incidents: { teams: { a: { onCall: { people: [x], since: '2026-02-30' } } } }")).toContain('2026-02-30 is not a day');
    expect(problems("incidents: { quietHours: { from: '22:00' } }")).toContain('they need a beginning and an end');
    expect(
      problems("webhooks: [{ name: t, url: 'https://t.example' }]\nincidents: { teams: { a: { targets: [t] } }, routes: [{ team: a }] }"),
    ).toBe('');
  });

  it('has a team for each category where none is set', () => {
    expect(incidentSettings(parseSettings('', 'weir.yaml')).teams).toEqual(defaultIncidentSettings.teams);
  });
});
