/** A configured receiver of webhooks. */
import { WeirError } from '../../core/errors.ts';
import type { Reach } from './addresses.ts';
import { smallestMaxBytes } from './body.ts';
import { secretProblem } from './signature.ts';

export interface Endpoint {
  /** Its name in the settings and in the table of deliveries. */
  readonly name: string;
  /** http or https. In the settings private addresses are allowed: ticket systems live there. */
  readonly url: string;
  /** `whsec_…`, newest first; two while they rotate. */
  readonly secrets: readonly string[];
  /** Further headers, for a gateway in front of the receiver. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Deadline of one attempt, connecting included. Default 15. */
  readonly timeoutSeconds?: number;
  /** Least severe incidents that are sent, 1 to 5; one that was ever severe enough is sent to its end. Default 5. */
  readonly minimumSeverity?: number;
  /** Limit of the body. Default 20,000. */
  readonly maxBytes?: number;
  /** Also the headers of CloudEvents in binary mode. Default no. */
  readonly cloudEvents?: boolean;
  /** `public` for an endpoint that somebody registered over HTTP. Default any. */
  readonly reach?: Reach;
}

const ownHeader = /^(webhook-.*|ce-.*|content-(type|length)|host|connection|transfer-encoding)$/i;
const headerName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const headerValue = /^[\t\x20-\x7e]*$/;

/**
 * Refuses an endpoint that could never be delivered to.
 * @param all every endpoint of the settings: their names must differ
 * @throws WeirError config_invalid, naming the endpoint and the setting
 */
export function checkEndpoint(endpoint: Endpoint, all: readonly Endpoint[] = []): void {
  const place = `endpoint ${endpoint.name}`;
  if (!/^[\w.-]{1,100}$/.test(endpoint.name)) throw invalid(place, 'name: letters, digits, _ . - only, at most 100 of them');
  if (all.some((other) => other !== endpoint && other.name === endpoint.name)) throw invalid(place, 'name: another endpoint has it too');
  const url = URL.canParse(endpoint.url) ? new URL(endpoint.url) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw invalid(place, 'url: must be an http or https address');
  if (url.username !== '' || url.password !== '')
    throw invalid(place, 'url: must not contain a password', 'Use headers: { authorization: … }.');
  if (endpoint.secrets.length === 0) throw invalid(place, 'secrets: at least one is needed', secretHint);
  for (const [index, secret] of endpoint.secrets.entries()) {
    const problem = secretProblem(secret);
    if (problem !== undefined) throw invalid(place, `secrets[${index}]: ${problem}`, secretHint);
  }
  for (const [name, value] of Object.entries(endpoint.headers ?? {})) {
    if (!headerName.test(name) || !headerValue.test(value)) throw invalid(place, `headers: ${JSON.stringify(name)} is not a header`);
    if (ownHeader.test(name)) throw invalid(place, `headers: ${name} is set by Weir itself`);
  }
  if (!((endpoint.timeoutSeconds ?? 15) > 0 && (endpoint.timeoutSeconds ?? 15) <= 30))
    throw invalid(place, 'timeoutSeconds: more than 0, at most 30');
  if ((endpoint.maxBytes ?? smallestMaxBytes) < smallestMaxBytes) throw invalid(place, `maxBytes: at least ${smallestMaxBytes}`);
}

const secretHint = 'Make one with: echo "whsec_$(openssl rand -base64 32)"';

function invalid(place: string, message: string, hint = ''): WeirError {
  return new WeirError('config_invalid', `${place}, ${message}`, { place, hint });
}
