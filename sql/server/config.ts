/** The configuration files of a laptop's ClickHouse server: small caches, little logging, nothing reachable from outside. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Passwords, usersXml } from '../access.ts';

export interface ServerFiles {
  /** Directory of the tables. */
  readonly store: string;
  /** The server's configuration file. */
  readonly config: string;
  /** The server's users. */
  readonly users: string;
  /** The server's log. */
  readonly log: string;
}

/** ClickHouse's own Kafka engine, which Weir does not use: a benchmark gives it what it needs to be as fast as it can. */
export interface KafkaEngine {
  readonly threads: number;
  /** Settings of its inserts, which it takes from the default profile. */
  readonly settings: Readonly<Record<string, string | number>>;
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/**
 * The server's configuration.
 * @param engineThreads of ClickHouse's own Kafka engine, which Weir does not use
 *
 * Memory: at most half of the machine, caches of 300 MB together. Background threads: few, since ingest and queries share the cores, and
 * merges give way to both (where the process may set that: as root, or with CAP_SYS_NICE).
 */
export function configXml(files: ServerFiles, engineThreads = 1): string {
  const { users } = files;
  return `<clickhouse>
  <logger>
    <level>information</level>
    <log>${escaped(files.log)}</log>
    <errorlog>${escaped(files.log.replace(/\.log$/, '.error.log'))}</errorlog>
    <size>20M</size>
    <count>2</count>
  </logger>
  <users_config>${escaped(users)}</users_config>
  <user_directories><users_xml><path>${escaped(users)}</path></users_xml></user_directories>
  <keep_alive_timeout>60</keep_alive_timeout>
  <shutdown_wait_unfinished>2</shutdown_wait_unfinished>
  <max_connections>512</max_connections>
  <max_concurrent_queries>200</max_concurrent_queries>
  <max_server_memory_usage_to_ram_ratio>0.5</max_server_memory_usage_to_ram_ratio>
  <mark_cache_size>134217728</mark_cache_size>
  <uncompressed_cache_size>0</uncompressed_cache_size>
  <index_mark_cache_size>33554432</index_mark_cache_size>
  <index_uncompressed_cache_size>0</index_uncompressed_cache_size>
  <mmap_cache_size>100</mmap_cache_size>
  <query_cache><max_size_in_bytes>33554432</max_size_in_bytes></query_cache>
  <compiled_expression_cache_size>33554432</compiled_expression_cache_size>
  <background_pool_size>4</background_pool_size>
  <os_threads_nice_value_merge_mutate>5</os_threads_nice_value_merge_mutate>
  <background_schedule_pool_size>16</background_schedule_pool_size>
  <background_fetches_pool_size>1</background_fetches_pool_size>
  <background_common_pool_size>2</background_common_pool_size>
  <background_move_pool_size>1</background_move_pool_size>
  <background_buffer_flush_schedule_pool_size>1</background_buffer_flush_schedule_pool_size>
  <background_distributed_schedule_pool_size>1</background_distributed_schedule_pool_size>
  <background_message_broker_schedule_pool_size>${engineThreads}</background_message_broker_schedule_pool_size>
  <merge_tree>
    <fsync_after_insert>1</fsync_after_insert>
    <fsync_part_directory>1</fsync_part_directory>
    <min_rows_to_fsync_after_merge>1</min_rows_to_fsync_after_merge>
    <number_of_free_entries_in_pool_to_execute_mutation>2</number_of_free_entries_in_pool_to_execute_mutation>
    <number_of_free_entries_in_pool_to_execute_optimize_entire_partition>2</number_of_free_entries_in_pool_to_execute_optimize_entire_partition>
    <number_of_free_entries_in_pool_to_lower_max_size_of_merge>2</number_of_free_entries_in_pool_to_lower_max_size_of_merge>
  </merge_tree>
  <send_crash_reports><enabled>false</enabled></send_crash_reports>
</clickhouse>
`;
}

/** Writes the configuration into `<directory>/server` and names the files. */
export function writeServerFiles(directory: string, passwords: Passwords, engine: KafkaEngine = { threads: 1, settings: {} }): ServerFiles {
  const own = join(directory, 'server');
  const store = join(directory, 'clickhouse');
  const logs = join(directory, 'logs');
  for (const path of [own, store, logs]) mkdirSync(path, { recursive: true, mode: 0o700 });
  const files = { store, config: join(own, 'config.xml'), users: join(own, 'users.xml'), log: join(logs, 'clickhouse.log') };
  replaceFile(files.users, usersXml(passwords, engine.settings));
  replaceFile(files.config, configXml(files, engine.threads));
  return files;
}

/** A running server rereads its users, so it must never see half a file. */
function replaceFile(path: string, text: string): void {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, path);
}
