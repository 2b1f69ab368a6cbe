import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadSettings } from '../app/settings/load.ts';

const folder = dirname(fileURLToPath(import.meta.url));
const root = join(folder, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const plugin = JSON.parse(read('dashboards/datasource/src/plugin.json')) as { id: string };
const dockerfile = read('deploy/grafana/Dockerfile');

describe('deploy/grafana', () => {
  it('provisions the datasource of the plugin, through the proxy, with its token from the environment', () => {
    const { datasources } = parse(read('deploy/grafana/provisioning/datasources/weir.yaml'));
    expect(datasources).toHaveLength(1);
    expect(datasources[0]).toMatchObject({
      uid: 'weir',
      type: plugin.id,
      access: 'proxy',
      jsonData: { apiUrl: '$WEIR_URL' },
      secureJsonData: { apiToken: '$WEIR_TOKEN' },
    });
  });

  it('provisions the boards from where the image has them', () => {
    const { providers } = parse(read('deploy/grafana/provisioning/dashboards/weir.yaml'));
    const { path } = providers[0].options as { path: string };
    expect(dockerfile).toContain(`COPY dashboards/boards/json ${path}`);
    const [, home = ''] = /HOME_DASHBOARD_PATH=(\S+)/.exec(dockerfile) ?? [];
    expect(home.startsWith(`${path}/`)).toBe(true);
    expect(existsSync(join(root, 'dashboards/boards/json', home.slice(path.length + 1)))).toBe(true);
  });

  it('builds the plugin from files that are there and lets Grafana load it', () => {
    expect(dockerfile).toContain(`LOADING_UNSIGNED_PLUGINS=${plugin.id}`);
    const [, plugins = ''] = /GF_PATHS_PLUGINS=(\S+)/.exec(dockerfile) ?? [];
    expect(dockerfile).toContain(`/dist ${plugins}/${plugin.id}`);
    for (const [, sources = ''] of dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm))
      for (const source of sources.split(' ')) expect(existsSync(join(root, source)), source).toBe(true);
  });

  it('and compose gives it the address and a token that Weir knows, of a reader', () => {
    const { services } = parse(read('deploy/compose.yaml')) as { services: Record<string, { environment: Record<string, string> }> };
    const { WEIR_URL = '', WEIR_TOKEN } = services['grafana']!.environment;
    expect(Object.keys(services)).toContain(new URL(WEIR_URL).hostname);
    const { http } = loadSettings(join(folder, 'compose/weir.yaml'), { WEIR_CLICKHOUSE_PASSWORD: 'x' });
    expect(http.tokens.find(({ token }) => token === WEIR_TOKEN)).toMatchObject({ role: 'reader' });
  });
});
