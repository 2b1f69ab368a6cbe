import { expect, it } from 'vitest';
import { incidentOf } from '../testing/finding.ts';
import { strangeTexts } from '../testing/texts.ts';
import { cloudEventHeaders, headerText } from './cloud-event.ts';
import { checkEndpoint } from './endpoint.ts';
import { webhookRequest } from './webhook.ts';

const endpoint = { name: 'a', url: 'https://a.example/', secrets: ['whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz'], cloudEvents: true };

it('a webhook is a CloudEvent too, with the required attributes', () => {
  const incident = incidentOf();
  const { headers, body } = webhookRequest(endpoint, incident, 0);
  expect(headers).toMatchObject({
    'ce-specversion': '1.0',
    'ce-id': `${incident.incident_id}_1`,
    'ce-source': '/weir/demo',
    'ce-type': 'incident.opened',
    'ce-subject': incident.incident_id,
    'ce-time': incident.updated_at,
    'content-type': 'application/json',
    'webhook-id': `${incident.incident_id}_1`,
  });
  expect(webhookRequest({ ...endpoint, cloudEvents: false }, incident, 0).body).toBe(body);
  expect(
    Object.keys(webhookRequest({ ...endpoint, cloudEvents: false }, incident, 0).headers).filter((name) => name.startsWith('ce-')),
  ).toEqual([]);
  expect(() => checkEndpoint({ ...endpoint, headers: { 'ce-id': 'x' } })).toThrow('is set by Weir itself');
});

it('headers are printable ASCII whatever an incident says', () => {
  expect(headerText('50 % "é"')).toBe('50%20%25%20%22%C3%A9%22');
  for (const text of Object.values(strangeTexts))
    for (const value of Object.values(cloudEventHeaders({ ...incidentOf(), tenant: text, incident_id: text, transition: text })))
      expect(value).toMatch(/^[\x21-\x7e]*$/);
});
