/** What the routes work with. */
import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';
import type { Settings } from '../../core/settings/index.ts';
import type { Analyst } from '../../sql/analyst.ts';
import type { Store } from '../../sql/store.ts';
import type { Connector } from '../inbound/connectors.ts';
import type { Inbox } from '../inbound/inbox.ts';
import type { IncidentDesk } from '../incidents/desk.ts';
import type { Audit } from './audit.ts';
import type { Sessions } from './sessions.ts';
import type { Throttle } from './throttle.ts';

export interface ApiContext {
  readonly settings: Settings;
  readonly store: Store;
  readonly analyst: Analyst;
  readonly desk: Pick<IncidentDesk, 'act' | 'change' | 'open'>;
  /** Bodies of ticket systems, and who may send them. */
  readonly inbox: Inbox;
  readonly connectors: ReadonlyMap<string, Connector>;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;
  readonly audit: Audit;
  readonly sessions: Sessions;
  readonly throttle: Throttle;
  /** Local sockets of the other processes. */
  readonly sockets: {
    readonly ingest: string;
    readonly detect: string;
    /** Of the ingest processes that only read topics, by their name. */
    readonly readers: ReadonlyMap<string, string>;
  };
  /** Key of the secrets of registered webhooks. */
  readonly webhookKey: () => Uint8Array;
  readonly cookieName: string;
  /** True when people reach it over https. */
  readonly secure: boolean;
}
