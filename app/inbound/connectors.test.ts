import { describe, expect, it } from 'vitest';
import { parseSettings } from '../settings/load.ts';
import { createBucket } from './bucket.ts';
import { connectorsOf } from './connectors.ts';

const of = (type: string, secret: string) =>
  connectorsOf(parseSettings(`inbound: { desk: { type: ${type}, secretEnv: S, statuses: { fixed: resolved } } }`, 'weir.yaml'), {
    S: secret,
  });

describe('connectors of the settings', () => {
  it('have their secrets, and none goes without', () => {
    const secret = `whsec_${Buffer.from('s'.repeat(32)).toString('base64')}`;
    expect(of('generic', `${secret}\n`).get('desk')).toMatchObject({ secrets: [secret], statuses: { fixed: 'resolved' }, perMinute: 600 });
    expect(() => of('jira', '')).toThrow('there is no secret');
    expect(() => of('jira', 'short')).toThrow('fewer than 16');
    expect(() => of('generic', 'no prefix but long enough')).toThrow('whsec_');
    expect(() => connectorsOf(parseSettings('inbound: { desk: { type: jira, secretFile: /nonexistent } }', 'weir.yaml'), {})).toThrow(
      'cannot be read',
    );
  });
});

describe('a bucket', () => {
  it('gives what a minute allows and says how long to wait for more', () => {
    const clock = { instant: 0, now: () => clock.instant };
    const take = createBucket(clock, 2);
    expect([take(), take(), take()]).toEqual([0, 0, 30]);
    clock.instant += 30_000;
    expect([take(), take()]).toEqual([0, 30]);
  });
});
