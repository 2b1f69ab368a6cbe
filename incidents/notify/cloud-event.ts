/** CloudEvents 1.0, binary content mode over HTTP: the attributes as headers, the body as it is. Pure. */
import type { Incident } from '../../core/incident.ts';
import { transitionId } from '../transition.ts';

/**
 * The headers of an event. `ce-id` is the `webhook-id`, so that `source` and `id` name a transition once and for ever; `ce-subject` is the incident.
 * Text is percent-encoded as the HTTP protocol binding asks (section 3.1.3.2): space, double quote, percent and everything that is not printable ASCII.
 */
export function cloudEventHeaders(incident: Incident): Readonly<Record<string, string>> {
  return {
    'ce-specversion': '1.0',
    'ce-id': headerText(transitionId(incident)),
    'ce-source': headerText(`/weir/${encodeURIComponent(Buffer.from(incident.tenant).toString()).slice(0, 500)}`),
    'ce-type': headerText(`incident.${incident.transition.slice(0, 40)}`),
    'ce-subject': headerText(incident.incident_id),
    'ce-time': headerText(incident.updated_at),
  };
}

/**
 * @example headerText('50 % "é"') // '50%20%25%20%22%C3%A9%22'
 */
export function headerText(text: string): string {
  let out = '';
  for (const character of text.slice(0, 1_000)) {
    const code = character.codePointAt(0)!;
    if (code > 0x20 && code < 0x7f && character !== '"' && character !== '%') out += character;
    else for (const byte of Buffer.from(character)) out += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return out;
}
