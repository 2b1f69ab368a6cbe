/** The detect process: controls and detectors, incidents, and the outbox that delivers their webhooks. */
import { hostname } from 'node:os';
import { setInterval } from 'node:timers';
import type { Finding } from '../../core/finding.ts';
import { wantedBy } from '../../incidents/route.ts';
import { analyst } from '../../sql/analyst.ts';
import { createAudit } from '../api/audit.ts';
import { createClaim } from '../claim.ts';
import { ownerStore, secretFile } from '../clickhouse.ts';
import { openDataDirectory, webhookKey } from '../data-directory.ts';
import { createShares } from '../detect/series/shares.ts';
import { startDetection } from '../detect/start.ts';
import { findingRow, findingToken } from '../detect/write.ts';
import { startExperience } from '../experience/loop.ts';
import { createAfterBook } from '../incidents/after.ts';
import { complaintWatch } from '../incidents/complaints.ts';
import { createIncidentDesk } from '../incidents/desk.ts';
import { createPipelineFacts } from '../incidents/facts.ts';
import { incidentSettings } from '../incidents/settings.ts';
import { endpointOf, mailedLists, statusMailer } from '../incidents/status-mailer.ts';
import { keepWords } from '../life-cycle/words.ts';
import { detectMetrics } from '../metrics/detect.ts';
import { serveMetricsSocket } from '../metrics/socket.ts';
import { deliveringTargets, needsPublisher } from '../outbox/delivering.ts';
import { endpointsOf } from '../outbox/endpoints.ts';
import { createLease } from '../outbox/lease.ts';
import { startOutbox } from '../outbox/outbox.ts';
import { createRegistry } from '../outbox/registry.ts';
import { startRepeating } from '../outbox/repeat.ts';
import { alertmanagerSettings, targetNames } from '../outbox/targets.ts';
import { isAboutTarget, watchTrouble } from '../outbox/trouble.ts';
import { createPublisher } from '../pipeline/publisher.ts';
import { startFindingsPublisher } from '../publish/findings.ts';
import { startReconciling } from '../reconcile/loop.ts';
import { agreementsOf, startAgreements } from '../sla/loop.ts';
import { kpiPort } from '../slo/kpi-catalogue.ts';
import { startObjectives } from '../slo/loop.ts';
import { objectivesOf } from '../slo/settings.ts';
import type { Role } from './role.ts';

/** What is held or was told too soon is looked at this often, in ms; nothing is asked while nothing is due. */
const foldEveryMs = 1_000;
/** Findings that other processes stored are looked for this often, in ms. */
const sweepEveryMs = 2_000;
/** Escalation, quiet hours and the digest are looked after this often, in ms. */
const watchEveryMs = 20_000;
/** Every incident that fires is folded once more this often, in ms. */
const recoverEveryMs = 600_000;
/** Complaints are counted against open incidents this often, in ms. */
const complaintsEveryMs = 60_000;
/** Status updates that lists have not got are looked for this often, in ms. */
const statusEveryMs = 5_000;
/** Actions after incidents are looked through this often, in ms. */
const remindEveryMs = 3_600_000;
/** An attempt to publish ends within half of it. */
const publishEpochMs = 200_000;
/** Objectives are judged every minute by one process. */
const objectivesEpochMs = 180_000;
/** Agreements are reported on by one process. */
const agreementsEpochMs = 600_000;

export const detectRole: Role = async (start, log, say) => {
  const { settings } = start;
  const { tenant } = settings;
  const directory = openDataDirectory(start.dataDirectory);
  const store = ownerStore(start.owner, settings);
  const asked = analyst(start.analyst);
  const clock = { now: () => Date.now() };
  const metrics = detectMetrics(tenant);
  const shared = settings.clickhouse.url !== '';
  const desk = createIncidentDesk({
    store,
    clock,
    tenant,
    settings: incidentSettings(settings),
    log,
    facts: createPipelineFacts({ store, tenant, settings, log }),
    ...(shared
      ? {
          lease: createLease({
            claim: createClaim({ store, clock, tenant }),
            clock,
            key: 'incidents/fold',
            owner: `${hostname()}:${directory.root}`,
          }),
        }
      : {}),
  });
  await desk.recover();
  await keepWords(store, clock, settings);
  const { kafka } = settings;
  const publisher = needsPublisher(settings)
    ? createPublisher(kafka, kafka.passwordFile ? secretFile(kafka.passwordFile) : '', log)
    : undefined;
  const registry = createRegistry({
    ...{ store, clock, tenant },
    key: () => webhookKey(directory, settings.http.webhookKeyFile),
    taken: targetNames(settings),
  });
  // A target that takes nothing is an incident of its own.
  const trouble = watchTrouble({
    ...{ store, clock, tenant, log },
    targets: async () => [
      ...targetNames(settings),
      ...Object.keys(settings.status.lists).map(endpointOf),
      ...(await registry.list()).map(({ name }) => name),
    ],
    say: async (finding) => {
      await store.insert('findings', [findingRow(finding)], findingToken(finding));
      metrics.findings([finding]);
      await desk.take([finding]);
    },
  });
  const outbox = startOutbox({
    store,
    clock,
    tenant,
    endpoints: endpointsOf(settings.webhooks),
    log,
    claim: createClaim({ store, clock, tenant }),
    owner: `${tenant}@${directory.root}`,
    onDelivery: (event) => {
      metrics.delivery(event);
      if (event.state === 'dead') trouble.wake();
    },
    // What tells that a target takes nothing goes to the others.
    wants: (target, incident) => wantedBy(incident, target) && !isAboutTarget(incident, target),
    registered: () => registry.endpoints(),
    targets: deliveringTargets({
      ...{ settings, environment: process.env, store, clock, publisher },
      audit: createAudit({ store, clock, tenant }),
    }),
  });
  const repeating = Object.entries(settings.targets).flatMap(([name, target]) =>
    target.type === 'alertmanager'
      ? startRepeating({
          ...{ store, clock, tenant, log },
          target: alertmanagerSettings(name, target, process.env),
          repeatMs: target.repeatMinutes * 60_000,
          timeoutMs: target.timeoutSeconds * 1000,
        })
      : [],
  );
  const findings =
    publisher && kafka.findingsTopic
      ? startFindingsPublisher({
          store,
          clock,
          tenant,
          topic: kafka.findingsTopic,
          publisher,
          log,
          lease: createLease({
            claim: createClaim({ store, clock, tenant }),
            clock,
            key: `publish/${kafka.findingsTopic}`,
            owner: `${tenant}@${directory.root}`,
            epochMs: publishEpochMs,
          }),
          onPublished: metrics.published,
        })
      : undefined;
  desk.subscribe((incident) => {
    metrics.transition(incident);
    outbox.wake();
    say({
      name: 'incident',
      fields: { transition: incident.transition, severity: incident.severity, title: incident.title, id: incident.incident_id },
    });
  });
  const takeFindings = async (found: readonly Finding[]): Promise<void> => {
    metrics.findings(found);
    findings?.wake();
    await desk.take(found);
  };
  const detection = await startDetection({
    store,
    clock,
    settings,
    log,
    // Whose ClickHouse is its own has it for itself.
    ...(!shared
      ? {}
      : {
          shares: createShares({
            store,
            claim: createClaim({ store, clock, tenant }),
            clock,
            tenant,
            owner: `${hostname()}:${directory.root}`,
          }),
        }),
    ask: asked.ask,
    onLook: metrics.looked,
    onFindings: takeFindings,
  });
  const kpis = kpiPort(store, tenant);
  const objectives = await startObjectives({
    ...{ store, clock, settings, log, kpis },
    objectives: objectivesOf(settings, kpis, log),
    ask: asked.ask,
    onFindings: takeFindings,
    ...(shared
      ? {
          heldUntil: createLease({
            claim: createClaim({ store, clock, tenant }),
            clock,
            key: 'slo/judge',
            owner: `${hostname()}:${directory.root}`,
            epochMs: objectivesEpochMs,
          }).heldUntil,
        }
      : {}),
  });
  const agreements = startAgreements({
    ...{ store, clock, settings, log, kpis },
    agreements: agreementsOf(settings, kpis, log),
    ...(shared
      ? {
          heldUntil: createLease({
            claim: createClaim({ store, clock, tenant }),
            clock,
            key: 'sla/report',
            owner: `${hostname()}:${directory.root}`,
            epochMs: agreementsEpochMs,
          }).heldUntil,
        }
      : {}),
  });
  const reconciling = startReconciling({ store, clock, settings, log });
  const experience = startExperience({ store, clock, settings, log });
  const every = (ms: number, work: () => Promise<unknown>) =>
    setInterval(() => {
      work().catch((error: Error) => log.warn({ error: error.message }, 'incidents not folded, it is tried again'));
    }, ms);
  const after = createAfterBook({ store, clock, tenant });
  const mailStatus = statusMailer({
    ...{ store, clock, tenant, log },
    title: settings.status.title,
    lists: mailedLists(settings, process.env),
    ...(shared
      ? {
          lease: createLease({
            ...{ claim: createClaim({ store, clock, tenant }), clock, key: 'status/mail', epochMs: publishEpochMs },
            owner: `${tenant}@${directory.root}`,
          }),
        }
      : {}),
  });
  const countComplaints = complaintWatch({ store, desk, clock, tenant });
  const timers = [
    every(complaintsEveryMs, countComplaints),
    every(statusEveryMs, mailStatus),
    every(remindEveryMs, () => after.remind(desk)),
    every(foldEveryMs, () => desk.take([])),
    every(recoverEveryMs, () => desk.recover()),
    every(watchEveryMs, () => desk.watch()),
    ...(shared ? [every(sweepEveryMs, () => desk.sweep())] : []),
  ];
  metrics.pipeline(() => desk.sizes());
  const socket = await serveMetricsSocket(`${directory.run}/detect.sock`, metrics.registry);
  return {
    info: { socket: socket.path },
    async stop() {
      for (const timer of timers) clearInterval(timer);
      await reconciling.stop();
      await objectives.stop();
      await agreements.stop();
      await experience.stop();
      await detection.stop();
      await trouble.stop();
      await asked.close();
      await outbox.stop();
      await Promise.all(repeating.map((one) => one.stop()));
      await findings?.stop();
      await publisher?.close();
      await socket.stop();
      await store.close();
    },
  };
};
