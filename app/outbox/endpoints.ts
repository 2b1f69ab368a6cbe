/** Endpoints as the settings file names them, with their secrets read. */
import { readFileSync } from 'node:fs';
import { WeirError } from '../../core/errors.ts';
import type { WebhookSettings } from '../../core/settings/index.ts';
import type { Endpoint } from '../../incidents/notify/endpoint.ts';

/**
 * Endpoints of the settings. Secrets come from `secret` and from the lines of `secretFile`.
 * @throws WeirError config_invalid when a file of secrets cannot be read
 */
export function endpointsOf(webhooks: readonly WebhookSettings[]): Endpoint[] {
  return webhooks.map(({ name, url, secret, secretFile, minimumSeverity, timeoutSeconds, cloudEvents }) => ({
    name,
    url,
    secrets: [...(secret === undefined ? [] : [secret]), ...(secretFile === undefined ? [] : secretsIn(name, secretFile))],
    minimumSeverity,
    timeoutSeconds,
    cloudEvents,
  }));
}

function secretsIn(name: string, file: string): string[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new WeirError('config_invalid', `webhooks ${name}, secretFile: ${file} cannot be read`, { place: file, cause });
  }
  return text.split(/\r?\n/).flatMap((line) => line.trim() || []);
}
