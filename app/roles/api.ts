/** The API process: HTTP API, pages, metrics of all processes, and the way in for posted batches. */
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import { hostname } from 'node:os';
import { analyst } from '../../sql/analyst.ts';
import { createAudit } from '../api/audit.ts';
import { loginUrl, serveLinkSocket } from '../api/link-socket.ts';
import { listen } from '../api/listen.ts';
import { createApi } from '../api/server.ts';
import { createSessions } from '../api/sessions.ts';
import { createThrottle } from '../api/throttle.ts';
import { configuredTokens, ownerToken, tokensOf } from '../api/tokens.ts';
import { createClaim } from '../claim.ts';
import { ownerStore } from '../clickhouse.ts';
import { openDataDirectory, webhookKey } from '../data-directory.ts';
import { createAsker } from '../inbound/ask.ts';
import { askingOf } from '../inbound/asking.ts';
import { connectorsOf } from '../inbound/connectors.ts';
import { createInbox } from '../inbound/inbox.ts';
import { startInbound } from '../inbound/start.ts';
import { createIncidentDesk } from '../incidents/desk.ts';
import { incidentSettings } from '../incidents/settings.ts';
import { apiMetrics } from '../metrics/api.ts';
import { createLease } from '../outbox/lease.ts';
import { processesOf, type Role } from './role.ts';

/** How long requests in work may take when the process stops, in ms. */
const stopGraceMs = 5000;
/** A round of asking ticket systems ends within half of it, in ms, or is made once more by another process, which changes nothing. */
const askEpochMs = 600_000;

export const apiRole: Role = async (start, log) => {
  const { settings } = start;
  const { tenant, http } = settings;
  // Before anything is opened: who may come in has to be clear.
  const configured = configuredTokens(http);
  const directory = openDataDirectory(start.dataDirectory);
  const clock = { now: () => Date.now() };
  const store = ownerStore(start.owner, settings);
  const asked = analyst(start.analyst);
  const sessions = createSessions(clock);
  const secure = http.publicUrl.startsWith('https:');
  const metrics = apiMetrics();
  const connectors = connectorsOf(settings, process.env);
  const desk = createIncidentDesk({ store, clock, tenant, settings: incidentSettings(settings), log });
  const audit = createAudit({ store, clock, tenant });
  const inbox = createInbox({
    store,
    desk,
    clock,
    tenant,
    connectors,
    log,
    graceMs: incidentSettings(settings).graceMinutes * 60_000,
    audit: ({ actor, action, target, address, connector, key }) =>
      audit({ principal: { name: actor, role: 'operator', origin: 'ticket' }, action, target, address, key, detail: { connector } }),
  });
  const ask = createAsker({
    ...{ store, clock, tenant, inbox, log, onUnheard: metrics.unheard },
    asking: askingOf(settings, connectors, process.env),
    ...(settings.clickhouse.url === ''
      ? {}
      : {
          lease: createLease({
            claim: createClaim({ store, clock, tenant }),
            clock,
            key: 'inbound/ask',
            owner: `${hostname()}:${directory.root}`,
            epochMs: askEpochMs,
          }),
        }),
  });
  const inbound = startInbound(inbox, ask, connectors.size > 0, log);
  const api = await createApi({
    settings,
    store,
    analyst: asked,
    desk,
    inbox,
    connectors,
    clock,
    log,
    audit,
    sessions,
    throttle: createThrottle(clock),
    sockets: {
      ingest: `${directory.run}/ingest.sock`,
      detect: `${directory.run}/detect.sock`,
      readers: new Map(
        processesOf('ingest', settings)
          .slice(1)
          .map((name) => [name, `${directory.run}/${name}.sock`]),
      ),
    },
    webhookKey: () => webhookKey(directory, http.webhookKeyFile),
    cookieName: cookieName(directory.root, secure),
    secure,
    tokens: tokensOf([ownerToken(directory.run), ...configured]),
    metrics,
  });
  const port = await listen(api, http.host, http.port);
  if (port !== http.port) log.warn({ wanted: http.port, port }, 'the port is taken; the next free one is used');
  const url = http.publicUrl.replace(/\/+$/, '') || addressOf(http.host, port);
  const links = await serveLinkSocket(`${directory.run}/api.sock`, sessions, url);
  return {
    info: { url, loginUrl: loginUrl(url, sessions), port: String(port), portWanted: String(http.port) },
    async stop() {
      await links.stop();
      // Who still sends after that is cut off: a slow client must not hold the process.
      const deadline = setTimeout(() => api.server.closeAllConnections(), stopGraceMs);
      await api.close();
      clearTimeout(deadline);
      await inbound.stop();
      await asked.close();
      await store.close();
      rmSync(`${directory.run}/owner.token`, { force: true });
    },
  };
};

/** Cookies do not tell ports apart: two Weirs on one machine need two names. */
function cookieName(root: string, secure: boolean): string {
  return `${secure ? '__Host-' : ''}weir_${createHash('sha256').update(root).digest('hex').slice(0, 8)}`;
}

/** The address as a person opens it from this machine. */
function addressOf(host: string, port: number): string {
  const reached = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `http://${isIPv6(reached) ? `[${reached}]` : reached}:${port}`;
}
