/** `weir check --connect` against servers that work: one line each, all of them ok. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mariadbMissing, startMariadb } from '../../test/fetch/mariadb.ts';
import { postgresMissing, startPostgres } from '../../test/fetch/postgres.ts';
import { startS3 } from '../../test/fetch/s3.ts';
import { sshdMissing, startSshd } from '../../test/fetch/sshd.ts';
import { withKafka } from '../../test/kafka.ts';
import { weir } from '../../test/support/weir.ts';

const missing = [sshdMissing(), postgresMissing(), mariadbMissing()].filter((one) => one !== undefined);
if (missing.length > 0) console.log(`check --connect is not tried against servers here: ${missing.join('; ')}`);

describe.skipIf(missing.length > 0)('check --connect', () => {
  const kafka = withKafka();

  it('says ok for SFTP, S3, PostgreSQL, MariaDB and Kafka, and for one that is wrong what is wrong', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'weir-connect-'));
    const [ssh, s3, postgres, mariadb] = await Promise.all([startSshd(), startS3(), startPostgres(), startMariadb()]);
    try {
      await kafka().createTopic('calls', 1);
      await s3.put('usage/a.csv', 'number\n');
      for (const name of ['a.csv', 'b.csv', 'c.txt']) writeFileSync(join(ssh.files, name), 'number\n');
      const sql = `user: weir, tls: "off", schedule: "* * * * *", query: "SELECT 7 AS id, 8 AS amount", cursor: id, format: weir-json`;
      const yaml = `sources:
  partner:
    type: sftp
    servers: [{ host: 127.0.0.1, port: ${ssh.port}, user: ${ssh.user}, hostKey: "${ssh.hostKey}", keyFile: ${ssh.keyFile} }]
    directory: ${ssh.files}
    pattern: "*.csv"
    format: weir-csv
  archive: { type: s3, bucket: cdr-files, endpoint: "${s3.endpoint}", pattern: "*.csv", format: weir-csv }
  crm: { type: sql, driver: postgres, port: ${postgres.port}, database: postgres, passwordFile: ${postgres.passwordFile}, ${sql} }
  old: { type: sql, driver: mysql, port: ${mariadb.port}, database: ${mariadb.database}, passwordFile: ${mariadb.passwordFile}, ${sql} }
  stream: { type: kafka, topics: [calls], format: weir-json }
kafka: { brokers: "${kafka().brokers}" }
`;
      const config = join(directory, 'weir.yaml');
      writeFileSync(config, yaml);
      const right = await weir(['check', config, '--connect'], { environment: { ...s3.environment } });
      const lines = right.stdout.split('\n').map((line) => line.replaceAll(/ +/g, ' '));
      for (const line of [
        `sources.partner ok sftp://127.0.0.1:${ssh.port}: 2 files match *.csv`,
        'sources.archive ok s3://cdr-files: 1 files match *.csv',
        `sources.crm ok postgres://127.0.0.1:${postgres.port}/postgres: 2 columns`,
        `sources.old ok mysql://127.0.0.1:${mariadb.port}/${mariadb.database}: 2 columns`,
        `sources.stream ok ${kafka().brokers}: topic calls`,
      ])
        expect(lines).toContain(line);
      expect(right.code, right.stderr).toBe(0);
      writeFileSync(config, yaml.replace('topics: [calls]', 'topics: [no-such]').replace('7 AS id', '7 AS other'));
      const wrong = await weir(['check', config, '--connect'], { environment: { ...s3.environment } });
      expect(wrong.code).toBe(1);
      expect(wrong.stdout).toMatch(/sources\.crm +failed +.*column/);
      expect(wrong.stdout).toMatch(/sources\.partner +ok/);
    } finally {
      await Promise.all([ssh.stop(), s3.stop(), postgres.stop(), mariadb.stop()]);
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
