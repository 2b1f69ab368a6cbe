/** Where the ClickHouse library of this platform is. */
import { createRequire } from 'node:module';
import { WeirError } from '../../core/errors.ts';

/** npm package that holds the library, by platform and architecture of Node. */
const packages: Readonly<Record<string, string>> = {
  'linux-x64': '@chdb/lib-linux-x64-gnu',
  'linux-arm64': '@chdb/lib-linux-arm64-gnu',
  'darwin-x64': '@chdb/lib-darwin-x64',
  'darwin-arm64': '@chdb/lib-darwin-arm64',
};

const elsewhere = 'Set clickhouse.url to a ClickHouse server instead.';

/** Path of libchdb.so; throws `platform_unsupported` where there is none. */
export function libraryPath(platform: string = process.platform, arch: string = process.arch): string {
  const name = packages[`${platform}-${arch}`];
  if (name === undefined) {
    throw new WeirError('platform_unsupported', `No ClickHouse library exists for ${platform} on ${arch}.`, {
      place: `${platform}-${arch}`,
      hint: elsewhere,
    });
  }
  // The library is an optional package of chdb, so it may stand below chdb instead of beside it.
  const here = createRequire(import.meta.url);
  for (const require of [here, nested(here)]) {
    try {
      return require?.resolve(`${name}/libchdb.so`) ?? '';
    } catch {
      // Not here: the next place may have it.
    }
  }
  throw new WeirError('platform_unsupported', `The package ${name} with the ClickHouse library is not installed.`, {
    place: name,
    hint: `Run npm install without --omit=optional; on musl (Alpine) there is no library. ${elsewhere}`,
  });
}

function nested(require: NodeJS.Require): NodeJS.Require | undefined {
  try {
    return createRequire(require.resolve('chdb/package.json'));
  } catch {
    return undefined;
  }
}
