import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadSettings } from '../app/settings/load.ts';

const folder = dirname(fileURLToPath(import.meta.url));

interface Service {
  image?: string;
  build?: { context: string; dockerfile: string };
  depends_on?: string[];
  environment?: Record<string, string>;
  volumes?: string[];
}

const compose = parse(readFileSync(join(folder, 'compose.yaml'), 'utf8')) as {
  services: Record<string, Service>;
  volumes: Record<string, null>;
};

/** Keys of the compose specification that are used here; a mistyped one is none of them. */
const keys = new Set(['image', 'build', 'environment', 'volumes', 'depends_on', 'restart', 'command', 'ulimits', 'ports']);

describe('deploy/compose.yaml', () => {
  it('names services, volumes and files that are there', () => {
    expect(Object.keys(compose).sort()).toEqual(['services', 'volumes']);
    for (const [name, service] of Object.entries(compose.services)) {
      expect(
        Object.keys(service).filter((key) => !keys.has(key)),
        name,
      ).toEqual([]);
      expect(service.image === undefined, name).toBe(service.build !== undefined);
      if (service.build) expect(existsSync(join(folder, service.build.context, service.build.dockerfile)), name).toBe(true);
      for (const other of service.depends_on ?? []) expect(Object.keys(compose.services)).toContain(other);
      for (const value of Object.values(service.environment ?? {})) expect(typeof value, name).toBe('string');
      for (const volume of service.volumes ?? []) {
        const [from = ''] = volume.split(':');
        if (from.startsWith('.')) expect(existsSync(join(folder, from)), volume).toBe(true);
        else expect(Object.keys(compose.volumes)).toContain(from);
      }
    }
  });

  it('gives Weir settings that are right', () => {
    const settings = loadSettings(join(folder, 'compose', 'weir.yaml'), { WEIR_CLICKHOUSE_PASSWORD: 'x' });
    const { services } = compose;
    expect(services['kafka']?.environment?.['KAFKA_ADVERTISED_LISTENERS']).toBe(`PLAINTEXT://${settings.kafka.brokers}`);
    expect(Object.keys(services)).toContain(new URL(settings.clickhouse.url).hostname);
  });
});
