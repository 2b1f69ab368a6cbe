/** Which connectors can be asked how tickets stand, and where. */
import { WeirError } from '../../core/errors.ts';
import type { Settings } from '../../core/settings/index.ts';
import { askedJira } from '../../incidents/inbound/asked/jira.ts';
import { askedPagerDuty } from '../../incidents/inbound/asked/pagerduty.ts';
import { askedServiceNow } from '../../incidents/inbound/asked/servicenow.ts';
import type { AskedSystem } from '../../incidents/inbound/asked/system.ts';
import { askedTmf621 } from '../../incidents/inbound/asked/tmf621.ts';
import type { Login } from '../../incidents/notify/request.ts';
import { type Environment, loginOf } from '../outbox/targets.ts';
import { secretOf } from '../pipeline/fetch-places.ts';
import type { Asking } from './ask.ts';
import type { Connector } from './connectors.ts';

const systems = {
  servicenow: { target: 'servicenow-incident', of: askedServiceNow },
  jira: { target: 'jira', of: askedJira },
  tmf621: { target: 'tmf621', of: askedTmf621 },
} as const;

/**
 * Connectors that name the target that opens their tickets, unless `askMinutes` is 0; a PagerDuty needs a token besides.
 * @throws WeirError config_invalid when a connector names a target that is not there, or not of its kind
 */
export function askingOf(
  { inbound, targets }: Pick<Settings, 'inbound' | 'targets'>,
  connectors: ReadonlyMap<string, Connector>,
  environment: Environment,
): readonly Asking[] {
  return [...connectors.values()].flatMap((connector): readonly Asking[] => {
    const { name, type, target: named } = connector;
    const settings = inbound[name];
    if (named === '' || type === 'generic' || settings === undefined || settings.askMinutes === 0) return [];
    const place = `inbound.${name}.target`;
    const target = targets[named];
    const wanted = type === 'pagerduty' ? 'pagerduty' : systems[type].target;
    if (target === undefined || target.type !== wanted)
      throw new WeirError('config_invalid', `${place}: there is no target ${named} of type ${wanted}`, {
        place,
        hint: 'It names the target that opens these tickets.',
      });
    const common = { connector, everyMs: settings.askMinutes * 60_000, byKey: type === 'pagerduty' };
    if (target.type === 'pagerduty') {
      const token = secretOf(`inbound.${name}`, 'token', settings.tokenFile, settings.tokenEnv, environment);
      if (!token) return [];
      return [{ ...common, system: askedPagerDuty(settings.askUrl, token), host: new URL(settings.askUrl).host, secrets: [token] }];
    }
    if (target.type !== 'servicenow-incident' && target.type !== 'jira' && target.type !== 'tmf621') return [];
    const { login, secrets } = loginOf(`targets.${named}`, target, environment);
    const system: AskedSystem = systems[type as keyof typeof systems].of(target.url, login);
    return [{ ...common, connector: withOwn(connector, login), system, host: new URL(target.url).host, secrets }];
  });
}

/** Who Weir logs in as is Weir. */
function withOwn(connector: Connector, login: Login): Connector {
  return login.kind === 'basic' ? { ...connector, own: new Set([...connector.own, login.user.toLowerCase()]) } : connector;
}
