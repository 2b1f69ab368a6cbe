/** An incident as an alert of Prometheus: labels that identify it, annotations that explain it. Pure. */
import { createHash } from 'node:crypto';
import type { Incident } from '../../core/incident.ts';
import { oneLine } from './cut.ts';
import { renderTemplate, type Texts } from './template.ts';
import { linkOf, severityName, wordsOf } from './words.ts';

export type Labels = Readonly<Record<string, string>>;

/** Longest value of a label and of an annotation, UTF-16 units; most labels of a scope. */
export const alertLimits = { label: 500, summary: 500, description: 8_000, scope: 20 } as const;

/**
 * Labels: what is wrong (`incident_key`), whose it is, what found it, how bad it is, and the scope of the finding where a name is free. A value that is empty is
 * left out, as Prometheus means it.
 */
export function alertLabels(incident: Incident, own: Labels = {}): Labels {
  const labels: Record<string, string> = {};
  const add = (name: string, value: string): void => {
    const key = labelName(name);
    const text = oneLine(value, alertLimits.label);
    if (text !== '' && labels[key] === undefined) labels[key] = text;
  };
  add('alertname', incident.finding.detector);
  add('alertname', 'weir');
  add('incident_key', incident.incident_key);
  add('tenant', incident.tenant);
  add('category', incident.category);
  add('severity', severityName(incident.severity));
  add('team', incident.team);
  for (const [name, value] of Object.entries(own)) add(name, value);
  for (const [name, value] of Object.entries(incident.finding.scope).slice(0, alertLimits.scope)) add(name, String(value));
  return labels;
}

/**
 * A name that Prometheus takes: `[a-zA-Z_][a-zA-Z0-9_]*`, not beginning with two underscores.
 * @example labelName('trunk-group') // 'trunk_group'
 * @example labelName('5g') // '_5g'
 */
export function labelName(name: string): string {
  const safe = name.slice(0, 100).replaceAll(/[^a-zA-Z0-9_]/g, '_');
  return `${/^[0-9]/.test(safe) ? '_' : ''}${safe}`.replace(/^__+/, '_') || '_';
}

/** Annotations: what a person reads. */
export function alertAnnotations(incident: Incident, texts: Texts): Labels {
  const words = wordsOf(incident);
  const { money, customers, explanation, incident_id, state, assignee } = words;
  const all = {
    summary: oneLine(renderTemplate(texts.title, words, alertLimits.summary), alertLimits.summary),
    description: renderTemplate(texts.text, words, alertLimits.description),
    ...{ money, customers, explanation, incident_id, state, assignee },
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
}

/** The same 16 hexadecimal digits for what is wrong, whatever its severity and however often it comes back. */
export function fingerprintOf(incident: Pick<Incident, 'tenant' | 'incident_key'>): string {
  return createHash('sha256')
    .update(JSON.stringify([incident.tenant, incident.incident_key]))
    .digest('hex')
    .slice(0, 16);
}

/** Address behind an alert: the incident in the console; empty when none is known. */
export const generatorUrl = linkOf;
