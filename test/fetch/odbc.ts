/** The ODBC driver of PostgreSQL, with which the generic driver is tested. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const name = 'psqlodbcw.so';

/** Path of the driver; undefined when there is none. */
export function psqlOdbc(): string | undefined {
  const folders = existsSync('/usr/lib') ? readdirSync('/usr/lib').map((folder) => join('/usr/lib', folder, 'odbc')) : [];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** Why there is none here; undefined when there is one. With WEIR_FETCH=real (continuous integration) a missing one is an error. */
export function odbcMissing(): string | undefined {
  if (psqlOdbc() && existsSync('/usr/include/sql.h')) return undefined;
  if (process.env['WEIR_FETCH'] === 'real') throw new Error('ODBC is not installed: .ci/run installs unixodbc-dev and odbc-postgresql');
  return 'ODBC is not installed (Debian: unixodbc-dev, odbc-postgresql)';
}
