/** Tries a target: whether it answers, and where it can be asked without changing anything, whether it takes the login. */
import { WeirError } from '../../core/errors.ts';
import type { Settings, TargetSettings } from '../../core/settings/index.ts';
import { tryEmail } from '../../incidents/notify/email.ts';
import { exchange } from '../../incidents/notify/exchange.ts';
import { jsonOf, readBytes } from '../../incidents/notify/target.ts';
import { emailSettings, targetOf } from '../outbox/targets.ts';
import { attemptMs, type Environment, tryDial, tryKafka } from './dial.ts';

/** What was found. @throws WeirError that says what is wrong, without a secret */
export async function tryTarget(name: string, settings: TargetSettings, all: Settings, environment: Environment): Promise<string> {
  if (settings.type === 'kafka') return tryKafka(all, [settings.topic], {});
  const target = targetOf(name, settings, all.http.publicUrl, environment);
  if (settings.type === 'email') {
    await mail(target.place, () => tryEmail({ ...emailSettings(name, settings, environment), timeoutMs: attemptMs - 3_000 }));
    return `${target.place}: answers${settings.user === undefined ? '' : ' and takes the login'}`;
  }
  const { probe } = target;
  if (probe === undefined) {
    const { protocol } = new URL('url' in settings ? settings.url : 'https://x');
    return `${target.place}: ${await tryDial(new URL(`${protocol}//${target.place}`))}; its key is not tried before the first incident`;
  }
  const reply = await exchange(probe, { timeoutMs: attemptMs - 3_000, readBytes });
  const refused = jsonOf(reply.body)?.['ok'] === false;
  if (reply.status >= 200 && reply.status < 300 && !refused)
    return `${target.place}: answers${probe.headers['authorization'] ? ' and takes the login' : ''}`;
  throw problem(target.place, reply.status, reply.error, refused);
}

function problem(place: string, status: number, error: string, refused: boolean): WeirError {
  if (status === 0) return new WeirError('target_unreachable', `${place}: ${error}`, { hint: 'Is it up, and the address right?' });
  if (status === 401 || status === 403 || refused)
    return new WeirError('target_refused', `${place}: refuses the login${refused ? '' : ` (${status})`}`, {
      hint: 'Look at user, password or token, and at what it may do.',
    });
  return new WeirError('target_refused', `${place}: answers ${status}`, { hint: 'Is the address that of the interface?' });
}

async function mail(place: string, attempt: () => Promise<void>): Promise<void> {
  try {
    await attempt();
  } catch (error) {
    const { code = 'unknown', responseCode } = error as { code?: string; responseCode?: number };
    const refused = code === 'EAUTH' || code === 'ETLS';
    throw new WeirError(refused ? 'target_refused' : 'target_unreachable', `${place}: ${code}${responseCode ? ` (${responseCode})` : ''}`, {
      hint: refused
        ? 'Look at user, password and tls.'
        : 'Is it up, and the address right? Is its certificate one that caFile or Node trusts?',
    });
  }
}
