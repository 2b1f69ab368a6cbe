/**
 * Who may do what in ClickHouse, defined once: rendered as `users.xml` for the server on a laptop and as SQL for a real one.
 *
 * `weir` owns the database. `analyst` reads what `analystGrants` lists, within limits that one query cannot exceed and cannot change
 * (`readonly = 1`). Not granted: the bytes of rejects, `system.users`, and every table function that reads files or addresses.
 */
import { createHash } from 'node:crypto';
import { kinds } from '../core/kinds/index.ts';

export type UserName = 'weir' | 'analyst';

/** Password of each user, in clear. */
export type Passwords = Readonly<Record<UserName, string>>;

/** Limits of one query of an analyst, as ClickHouse settings. Bytes, seconds and rows. */
export const analystLimits: Readonly<Record<string, number | string>> = {
  readonly: 1,
  max_memory_usage: 2_000_000_000,
  max_bytes_before_external_group_by: 1_000_000_000,
  max_bytes_before_external_sort: 1_000_000_000,
  max_execution_time: 60,
  timeout_before_checking_execution_speed: 0,
  max_rows_to_read: 2_000_000_000,
  max_result_rows: 1_000_000,
  max_result_bytes: 1_000_000_000,
  result_overflow_mode: 'throw',
  max_temporary_data_on_disk_size_for_query: 5_000_000_000,
  max_concurrent_queries_for_user: 16,
  max_threads: 4,
  max_query_size: 1_000_000,
  max_ast_elements: 50_000,
  max_subquery_depth: 50,
  allow_ddl: 0,
  allow_introspection_functions: 0,
  // Not limits, but an analyst cannot choose them: numbers that JavaScript would round come as strings.
  output_format_json_quote_64bit_integers: 1,
  output_format_json_quote_decimals: 1,
};

const systemTables = [
  'weir.batches',
  'weir.files',
  'weir.replays',
  'weir.watermarks',
  'weir.changed_buckets',
  'weir.usage_minute',
  'weir.usage_hour',
  'weir.usage_keys',
  'weir.quality_minute',
  'weir.measurement_minute',
  'weir.recent_readings',
  'weir.control_results',
  'weir.findings',
  'weir.incidents',
  'weir.deliveries',
  'weir.correlations',
  'weir.verdicts',
  'weir.recoveries',
  'weir.incident_findings',
  'weir.inbound_events',
  'weir.incident_reviews',
  'weir.incident_actions',
  'weir.status_updates',
  'weir.maintenance',
  'weir.scores',
  'weir.series_profiles',
  'weir.series',
  'weir.slo_slices',
  'weir.slo_state',
  'weir.slo_burn',
  'weir.sla_periods',
  'weir.reconciliations',
  'weir.reconciliation_pairs',
  'weir.reconciliation_causes',
  'weir.lifecycle_words',
  'weir.experience_scores',
  'weir.experience_runs',
  'weir.fetched',
  'weir.fetches',
  'weir.migrations',
];

const views = [
  'weir.accounting',
  'weir.record_counts',
  'weir.batches_latest',
  'weir.files_latest',
  'weir.watermarks_latest',
  'weir.rejections',
  'weir.control_results_latest',
  'weir.findings_latest',
  'weir.incident_findings_latest',
  'weir.incident_latest',
  'weir.incident_reviews_latest',
  'weir.incident_actions_latest',
  'weir.status_updates_latest',
  'weir.revenue_cases',
  'weir.revenue_months',
  'weir.maintenance_latest',
  'weir.lifecycle_steps',
  'weir.lifecycle_to_cash',
  'weir.lifecycle_waiting',
  'weir.reconciliations_latest',
  'weir.reconciliation_breaks',
  'weir.experience_daily',
  'weir.experience_segments',
  'weir.experience_kpis',
  'weir.series_profiles_latest',
  'weir.series_latest',
  'weir.slo_slices_latest',
  'weir.slo_state_latest',
  'weir.sla_periods_latest',
];

/** The columns of rejects that an analyst may read: all but the bytes. */
const rejectColumns = 'tenant, source, partition, position, file, reason, field, detail, kind, truncated, ingest_time, record_id';

/**
 * The privileges of analysts, without `TO`.
 * @example analystGrants()[0] // 'SELECT ON weir.usage'
 */
export function analystGrants(): readonly string[] {
  const current = kinds.filter((kind) => 'valid_from' in kind.columns).map((kind) => `weir.${kind.table}_current`);
  const tables = [...kinds.map((kind) => `weir.${kind.table}`), ...systemTables, ...views, ...current];
  return [...tables.map((table) => `SELECT ON ${table}`), `SELECT(${rejectColumns}) ON weir.rejects`];
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * The users file of a laptop's server. Passwords stand in it as SHA-256. The user `default` is the session that keeps the server
 * alive. That session cannot give a password, and it comes from the same address as every program of the machine (and every page in
 * its browser), so `default` may open and close the ports and wait, reads nothing, and has a quota of few statements.
 */
export function usersXml(passwords: Passwords, background: Readonly<Record<string, string | number>> = {}): string {
  const limits = Object.entries(analystLimits).map(([name, value]) => `      <${name}>${value}</${name}>`);
  const grants = analystGrants().map((grant) => `        <query>GRANT ${grant}</query>`);
  const user = (name: UserName, profile: string, inner: string): string => `    <${name}>
      <password_sha256_hex>${sha256(passwords[name])}</password_sha256_hex>
      <networks><ip>127.0.0.1</ip></networks>
      <profile>${profile}</profile>
      <quota>default</quota>${inner}
    </${name}>`;
  return `<clickhouse>
  <profiles>
    <default>${Object.entries(background)
      .map(([name, value]) => `<${name}>${value}</${name}>`)
      .join('')}</default>
    <analyst>
${limits.join('\n')}
    </analyst>
  </profiles>
  <quotas>
    <default/>
    <start><interval><duration>1000000000</duration><queries>3</queries></interval></start>
  </quotas>
  <users>
    <default>
      <password/>
      <networks><ip>127.0.0.1</ip></networks>
      <profile>default</profile>
      <quota>start</quota>
      <grants>
        <query>GRANT SYSTEM LISTEN ON *.*</query>
        <query>GRANT CREATE TEMPORARY TABLE ON *.*</query>
      </grants>
    </default>
${user('weir', 'default', '')}
${user(
  'analyst',
  'analyst',
  `
      <grants>
${grants.join('\n')}
      </grants>`,
)}
  </users>
</clickhouse>
`;
}

/**
 * The same access as statements for a real server, to be run by its administrator.
 * @param cluster name of the cluster on which to create them; undefined = this server only
 */
export function accessSql(passwords: Passwords, cluster?: string): readonly string[] {
  const on = cluster === undefined ? '' : ` ON CLUSTER '${cluster.replaceAll("'", "''")}'`;
  const limits = Object.entries(analystLimits).map(([name, value]) =>
    name === 'readonly' ? 'readonly = 1' : `${name} = ${typeof value === 'string' ? `'${value}'` : value} READONLY`,
  );
  const hash = (name: UserName): string => `IDENTIFIED WITH sha256_hash BY '${sha256(passwords[name])}'`;
  return [
    `CREATE SETTINGS PROFILE IF NOT EXISTS weir_analyst${on} SETTINGS ${limits.join(', ')}`,
    `CREATE ROLE IF NOT EXISTS weir_owner${on}`,
    `CREATE ROLE IF NOT EXISTS weir_analyst${on} SETTINGS PROFILE 'weir_analyst'`,
    `GRANT${on} ALL ON weir.* TO weir_owner`,
    `GRANT${on} SELECT ON system.* TO weir_owner`,
    `GRANT${on} CLUSTER ON *.* TO weir_owner`,
    ...analystGrants().map((grant) => `GRANT${on} ${grant} TO weir_analyst`),
    `CREATE USER IF NOT EXISTS weir${on} ${hash('weir')} DEFAULT DATABASE weir`,
    `CREATE USER IF NOT EXISTS analyst${on} ${hash('analyst')} DEFAULT DATABASE weir SETTINGS PROFILE 'weir_analyst'`,
    `GRANT${on} weir_owner TO weir`,
    `GRANT${on} weir_analyst TO analyst`,
  ];
}
