/** What the settings file says about incidents, as the incident desk understands it. */
import type { Settings } from '../../core/settings/index.ts';
import { defaultIncidentSettings, type IncidentSettings, type SeverityLimits } from '../../incidents/settings.ts';

/** Settings of the desk. @param publicUrl where people reach the console, for links */
export function incidentSettings(settings: Settings, publicUrl: string = settings.http.publicUrl): IncidentSettings {
  const { reopenWithinMinutes, team, severityMoney, severityCustomers } = settings.incidents;
  return {
    ...defaultIncidentSettings,
    severity: {
      ...defaultIncidentSettings.severity,
      currency: settings.currency,
      money: limitsOf(severityMoney),
      customers: limitsOf(severityCustomers),
    },
    reopenMinutes: reopenWithinMinutes,
    teams: team === '' ? defaultIncidentSettings.teams : { other: team },
    publicUrl: publicUrl.replace(/\/+$/, ''),
  };
}

/** Falling limits; the schema has checked that there are four. */
function limitsOf(limits: readonly number[]): SeverityLimits {
  const [first, second, third, fourth] = [...limits].sort((a, b) => b - a);
  return [first!, second!, third!, fourth!];
}
