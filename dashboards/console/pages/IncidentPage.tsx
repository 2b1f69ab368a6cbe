/** One incident in full. */
import { useEffect, useMemo } from 'preact/hooks';
import { useKeys } from '../core/keys.ts';
import { go, usePlace } from '../core/route.ts';
import { useMayAct } from '../core/session.ts';
import { ActionItems } from '../incident/ActionItems.tsx';
import { Acts } from '../incident/Acts.tsx';
import { Around } from '../incident/Around.tsx';
import { Evidence } from '../incident/Evidence.tsx';
import { Explanation } from '../incident/Explanation.tsx';
import { Facts } from '../incident/Facts.tsx';
import { Figures } from '../incident/Figures.tsx';
import { Judgement } from '../incident/Judgement.tsx';
import { ReviewCard } from '../incident/ReviewCard.tsx';
import { Silence } from '../incident/Silence.tsx';
import { Timeline } from '../incident/Timeline.tsx';
import { useIncident } from '../incident/use-incident.ts';
import { Severity, State } from '../parts/Badge.tsx';
import { loadChart } from '../parts/LazyChart.tsx';
import { Loading, Problem } from '../parts/Status.tsx';

const over = ['resolved', 'closed'];

export function IncidentPage() {
  const { path } = usePlace();
  const id = decodeURIComponent(path.split('/').pop() ?? '');
  const one = useIncident(id);
  const mayAct = useMayAct();
  const { incident } = one;
  useEffect(() => {
    void loadChart();
  }, []);
  useEffect(() => {
    if (incident) document.title = `${incident.title} · Weir`;
  }, [incident?.title]);
  useKeys(useMemo(() => ({ u: () => go('/') }), []));
  const isOver = incident !== undefined && over.includes(incident.state);
  // What is learned is asked for first once it is over.
  const review = incident ? (
    <div class="stack" key="review">
      <ReviewCard incident={incident} one={one} />
      <ActionItems incident={incident} />
    </div>
  ) : null;
  const customers = `/api/v1/incidents/${encodeURIComponent(id)}/customers?format=csv`;
  return (
    <>
      <a class="crumb" href="/">
        ← All incidents
      </a>
      {one.error ? <Problem text={one.error} /> : null}
      {!incident && !one.error ? <Loading lines={8} /> : null}
      {incident ? (
        <article>
          <div class="badges">
            <Severity of={incident.severity} />
            <State of={incident.state} />
            <span class="muted">{incident.category}</span>
            {incident.hold_reason ? <span class="tag">on hold: {incident.hold_reason}</span> : null}
            {incident.flapping ? <span class="tag">flapping</span> : null}
            {incident.merged_into ? <a href={`/incidents/${encodeURIComponent(incident.merged_into)}`}>part of another incident</a> : null}
            <code class="muted small">{incident.incident_id}</code>
            {mayAct && (incident.impact.customers?.count ?? 0) > 0 ? (
              <a class="button quiet push" href={customers} download={`weir-customers-${id}.csv`}>
                Customers as CSV
              </a>
            ) : null}
          </div>
          <h1>{incident.title}</h1>
          <p class="lead">{incident.summary}</p>
          <Facts incident={incident} />
          <div class="split">
            <div class="stack">
              {isOver ? review : null}
              <Figures incident={incident} />
              <Explanation incident={incident} />
              <Evidence incident={incident} />
              <Around incident={incident} />
              {isOver ? null : review}
            </div>
            <div class="stack">
              {mayAct ? (
                <div class="acts">
                  <Acts incident={incident} one={one} onResolved={() => scrollTo(0, 0)} />
                </div>
              ) : null}
              <Timeline incident={incident} />
              <Judgement incident={incident} one={one} />
              {mayAct && !isOver ? <Silence incident={incident} /> : null}
            </div>
          </div>
        </article>
      ) : null}
    </>
  );
}
