/** What the settings file says about incidents, as the incident desk understands it. */
import type { Settings } from '../../core/settings/index.ts';
import { type Debounce, defaultPipelineSettings, type PipelineSettings } from '../../incidents/pipeline/settings.ts';
import { defaultIncidentSettings, type IncidentSettings, type SeverityLimits } from '../../incidents/settings.ts';

const minuteMs = 60_000;

/** Settings of the desk. @param publicUrl where people reach the console, for links */
export function incidentSettings(settings: Settings, publicUrl: string = settings.http.publicUrl): IncidentSettings {
  const { reopenWithinMinutes, team, severityMoney, severityCustomers, pipeline } = settings.incidents;
  return {
    ...defaultIncidentSettings,
    severity: {
      ...defaultIncidentSettings.severity,
      currency: settings.currency,
      money: limitsOf(severityMoney),
      customers: limitsOf(severityCustomers),
    },
    reopenMinutes: reopenWithinMinutes,
    pipeline: pipelineSettings(pipeline),
    teams: team === '' ? defaultIncidentSettings.teams : { other: team },
    publicUrl: publicUrl.replace(/\/+$/, ''),
  };
}

/** Falling limits; the schema has checked that there are four. */
function limitsOf(limits: readonly number[]): SeverityLimits {
  const [first, second, third, fourth] = [...limits].sort((a, b) => b - a);
  return [first!, second!, third!, fourth!];
}

/** The steps of the pipeline as the settings set them. */
function pipelineSettings(set: Settings['incidents']['pipeline']): PipelineSettings {
  return {
    ...defaultPipelineSettings,
    minimumCompleteness: set.minimumCompleteness,
    debounce: {
      ...defaultPipelineSettings.debounce,
      ...Object.fromEntries(Object.entries(set.debounce).map(([name, text]) => [name, debounceOf(text)])),
    },
    settleMs: set.resolveAfterMinutes * minuteMs,
    flapping: { ...defaultPipelineSettings.flapping, changes: set.flappingChanges, withinMs: set.flappingMinutes * minuteMs },
    holdMs: set.holdSeconds * 1000,
    nearMs: set.nearMinutes * minuteMs,
    overlap: set.overlap,
    minimumChildren: set.minimumChildren,
    minimumShare: set.minimumShare,
    customerWorth: set.customerWorth,
    segmentWeights: set.segmentWeights,
  };
}

/** `n of m`, whose form the schema has checked; no more than all of them. */
function debounceOf(text: string): Debounce {
  const [n = 1, of = 1] = text.split(' of ').map(Number);
  return { n: Math.min(n, of), of };
}
