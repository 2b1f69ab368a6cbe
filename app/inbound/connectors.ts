/** Connectors of the settings with their secrets read. */
import { readFileSync } from 'node:fs';
import { WeirError } from '../../core/errors.ts';
import type { InboundSettings, Settings } from '../../core/settings/index.ts';
import type { ConnectorType } from '../../incidents/inbound/verify.ts';
import { secretProblem } from '../../incidents/notify/signature.ts';

export interface Connector {
  readonly name: string;
  readonly type: ConnectorType;
  readonly secrets: readonly string[];
  readonly target: string;
  /** Lower case. */
  readonly own: ReadonlySet<string>;
  readonly statuses: InboundSettings['statuses'];
  readonly perMinute: number;
}

/** Shortest secret: one that can be guessed lets anybody close incidents. */
const shortest = 16;

/**
 * The connectors by name.
 * @throws WeirError config_invalid, naming the setting and never the secret
 */
export function connectorsOf(
  { inbound }: Pick<Settings, 'inbound'>,
  environment: Readonly<Record<string, string | undefined>>,
): ReadonlyMap<string, Connector> {
  return new Map(
    Object.entries(inbound).map(([name, { type, target, ownUsers, statuses, perMinute, ...where }]) => {
      const secrets = secretsOf(`inbound.${name}`, type, where, environment);
      const own = new Set(ownUsers.map((user) => user.toLowerCase()));
      return [name, { name, type, secrets, target, own, statuses, perMinute }];
    }),
  );
}

function secretsOf(
  place: string,
  type: ConnectorType,
  { secretFile, secretEnv }: Pick<InboundSettings, 'secretFile' | 'secretEnv'>,
  environment: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const refuse = (message: string, hint: string, cause?: unknown): never => {
    throw new WeirError('config_invalid', `${place}: ${message}`, { place, hint, ...(cause === undefined ? {} : { cause }) });
  };
  const lines = (): string => {
    if (secretFile === undefined) return environment[secretEnv ?? ''] ?? '';
    try {
      return readFileSync(secretFile, 'utf8');
    } catch (cause) {
      return refuse(`secretFile: ${secretFile} cannot be read`, 'It must be readable by the user that runs Weir.', cause);
    }
  };
  const secrets = lines()
    .split(/\r?\n/)
    .flatMap((line) => line.trim() || []);
  if (secrets.length === 0) refuse('there is no secret', 'Add secretFile or secretEnv: without a secret anybody could close incidents.');
  for (const secret of secrets) {
    const problem =
      type === 'generic' ? secretProblem(secret) : secret.length < shortest ? `has fewer than ${shortest} characters` : undefined;
    if (problem !== undefined) refuse(`a secret ${problem}`, 'Make one with: echo "whsec_$(openssl rand -base64 32)"');
  }
  return secrets;
}
