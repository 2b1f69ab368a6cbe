import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { freePort } from '../../test/fetch/port.ts';
import { parseSettings } from '../settings/load.ts';
import { tryConnections } from './connect.ts';

it('says in one line each what is wrong, without a secret', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'weir-connect-'));
  const secret = join(directory, 'password');
  writeFileSync(secret, 'hunter2-do-not-say\n');
  writeFileSync(join(directory, 'a.csv'), '');
  const port = await freePort();
  const settings = parseSettings(
    `sources:
  here: { type: file, directory: ${directory}, pattern: "*.csv", format: weir-csv }
  nowhere: { type: file, directory: ${directory}/none, format: weir-csv }
  posted: { type: http, format: weir-json }
  partner:
    type: sftp
    servers:
      - { host: 127.0.0.1, port: ${port}, user: u, hostKey: "SHA256:${'A'.repeat(43)}", passwordFile: ${secret} }
    format: weir-csv
  archive: { type: s3, bucket: cdr, endpoint: "http://127.0.0.1:${port}", format: weir-csv }
  crm: { type: sql, driver: postgres, port: ${port}, database: d, user: u, passwordFile: ${secret}, tls: "off", schedule: "* * * * *", query: SELECT 1 AS id, cursor: id, format: weir-json }
  old: { type: sql, driver: mysql, port: ${port}, database: d, user: u, passwordFile: ${secret}, tls: "off", schedule: "* * * * *", query: SELECT 1 AS id, cursor: id, format: weir-json }
  olap: { type: sql, driver: clickhouse, port: ${port}, database: d, user: u, passwordEnv: NOT_SET, tls: "off", schedule: "* * * * *", query: SELECT 1 AS id, cursor: id, format: weir-json }
clickhouse: { url: "http://127.0.0.1:${port}", passwordFile: ${secret} }
webhooks: [{ name: noc, url: "http://127.0.0.1:${port}/hook", secret: whsec_${Buffer.from('x'.repeat(24)).toString('base64')} }]
`,
    'test',
  );
  const attempts = await tryConnections(settings, { AWS_ACCESS_KEY_ID: 'k', AWS_SECRET_ACCESS_KEY: 'hunter2-do-not-say' });
  rmSync(directory, { recursive: true, force: true });
  expect(attempts.map(({ setting, ok }) => `${setting} ${ok}`)).toEqual([
    'sources.here true',
    'sources.nowhere false',
    'sources.posted true',
    'sources.partner false',
    'sources.archive false',
    'sources.crm false',
    'sources.old false',
    'sources.olap false',
    'clickhouse false',
    'webhooks.noc false',
  ]);
  const said = Object.fromEntries(attempts.map(({ setting, said: text }) => [setting, text]));
  expect(said['sources.here']).toContain('1 files match *.csv');
  expect(said['sources.nowhere']).toContain('no such directory');
  for (const refused of ['sources.partner', 'sources.archive', 'sources.crm', 'sources.old', 'webhooks.noc'])
    expect(said[refused]).toContain('ECONNREFUSED');
  expect(said['sources.olap']).toContain('the environment has no NOT_SET');
  expect(JSON.stringify(attempts)).not.toContain('hunter2');
  for (const { said: line } of attempts) expect(line).not.toContain('\n');
});
