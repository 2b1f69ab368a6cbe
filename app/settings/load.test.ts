import { describe, expect, it } from 'vitest';
import { WeirError } from '../../core/errors.ts';
import { parseSettings } from './load.ts';
import { nearest } from './nearest.ts';

const problem = (text: string, environment: Record<string, string> = {}): WeirError => {
  try {
    parseSettings(text, 'weir.yaml', environment);
  } catch (error) {
    if (error instanceof WeirError) return error;
    throw error;
  }
  throw new Error('accepted');
};

describe('defaults', () => {
  it('fills everything from nothing', () => {
    const settings = parseSettings('', 'weir.yaml');
    expect(settings.tenant).toBe('main');
    expect(settings.http.port).toBe(8080);
    expect(settings.incidents.severityMoney).toHaveLength(4);
  });

  it('fills inside maps, lists and the shape that a type names', () => {
    const settings = parseSettings(
      'sources:\n  msc:\n    type: file\n    directory: in\n    format: asterisk-cdr\n    sequence: { pattern: "a_{sequence}.csv" }\ncontrols:\n  S01: { enabled: false }\nwebhooks:\n  - { name: t, url: "http://x/" }\n',
      'weir.yaml',
    );
    expect(settings.sources['msc']).toMatchObject({ complete: 'quiet', quietSeconds: 5, after: 'keep', sequence: { restartsAt: 0 } });
    expect(settings.controls['S01']).toEqual({ enabled: false, limits: {} });
    expect(settings.webhooks[0]).toMatchObject({ minimumSeverity: 5, timeoutSeconds: 15 });
  });
});

describe('the environment', () => {
  it('overrides scalars by path', () => {
    const settings = parseSettings('http: { port: 1 }', 'weir.yaml', {
      WEIR_HTTP_PORT: '9000',
      WEIR_HTTP_MAX_BODY_BYTES: '2048',
      WEIR_CLICKHOUSE_PASSWORD: 'x',
      WEIR_TENANT: 'acme',
    });
    expect(settings.http.port).toBe(9000);
    expect(settings.http.maxBodyBytes).toBe(2048);
    expect(settings.clickhouse.password).toBe('x');
    expect(settings.tenant).toBe('acme');
  });

  it('names the variable when its value is wrong', () => {
    const error = problem('', { WEIR_HTTP_PORT: 'many' });
    expect(error.message).toContain('WEIR_HTTP_PORT: http.port');
  });
});

describe('wrong settings are refused with file, line, key and hint', () => {
  it.each([
    ['tennant: x', 'weir.yaml:1: tennant: no such setting', 'Did you mean "tenant"?'],
    ['tenant: x\nhttp:\n  port: 99999', 'weir.yaml:3: http.port: must be <= 65535', 'Port'],
    ['sources:\n  a:\n    type: file\n', 'weir.yaml:2: sources.a: directory is missing', ''],
    [
      'sources:\n  a:\n    type: file\n    directory: x\n    quiteSeconds: 3\n',
      'weir.yaml:5: sources.a.quiteSeconds: no such setting',
      'Did you mean "quietSeconds"?',
    ],
    ['sources:\n  a:\n    type: ftp\n', 'weir.yaml:3: sources.a.type: must be one of file, http', ''],
    ['webhooks:\n  - name: a\n    url: ftp://x\n', 'weir.yaml:3: webhooks.0.url', ''],
  ])('%j', (text, message, hint) => {
    const error = problem(text);
    expect(error.code).toBe('config_invalid');
    expect(error.message).toContain(message);
    expect(error.message).toContain(hint);
  });

  it('says where YAML is broken', () => {
    const error = problem('tenant: x\nhttp: [1');
    expect(error.code).toBe('config_unreadable');
    expect(error.message).toMatch(/^weir\.yaml:[23]:/);
  });

  it('refuses bombs of aliases and lists', () => {
    expect(problem('- a\n- b').code).toBe('config_invalid');
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x,x]\n${'bcdefg'
      .split('')
      .map((name, i) => `${name}: &${name} [${Array(10).fill(`*${'abcdef'[i]}`).join(',')}]`)
      .join('\n')}`;
    expect(() => parseSettings(bomb, 'weir.yaml')).toThrow();
  });
});

it('finds the nearest word', () => {
  expect(nearest('tennant', ['tenant', 'country'])).toBe('tenant');
  expect(nearest('ditrectory', ['directory'])).toBe('directory');
  expect(nearest('zzz', ['tenant'])).toBeUndefined();
});
