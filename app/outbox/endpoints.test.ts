import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkEndpoint } from '../../incidents/notify/endpoint.ts';
import { endpointsOf } from './endpoints.ts';

const secret = 'whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz';
const webhook = { name: 'a', url: 'https://a.example/', minimumSeverity: 3, timeoutSeconds: 15, cloudEvents: false };

describe('endpointsOf', () => {
  it('reads one secret per line', () => {
    const directory = mkdtempSync(join(tmpdir(), 'weir-secrets-'));
    const secretFile = join(directory, 'secrets');
    writeFileSync(secretFile, `${secret}\r\n\n  ${secret}\n`);
    const [endpoint] = endpointsOf([{ ...webhook, secretFile }]);
    rmSync(directory, { recursive: true });
    expect(endpoint).toMatchObject({ secrets: [secret, secret], minimumSeverity: 3 });
    expect(() => checkEndpoint(endpoint!)).not.toThrow();
  });

  it('names the file that cannot be read', () => {
    expect(() => endpointsOf([{ ...webhook, secretFile: '/no/such/file' }])).toThrow('/no/such/file');
  });

  it('leaves it to the check that a secret is missing', () => {
    expect(() => checkEndpoint(endpointsOf([webhook])[0]!)).toThrow('secrets: at least one');
  });
});
