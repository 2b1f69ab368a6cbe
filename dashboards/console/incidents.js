// The open incidents, live: worst first, then dearest, then newest.
import {
  ago,
  announce,
  ask,
  byId,
  count,
  el,
  listen,
  money,
  notice,
  severityBadge,
  severityName,
  showWho,
  stateName,
  time,
} from './base.js';

const incidents = new Map();
const shown = { severity: 0, ended: false };
let more = false;
const isActive = ({ state }) => state !== 'resolved' && state !== 'closed';

function order(a, b) {
  return (
    Number(isActive(b)) - Number(isActive(a)) ||
    a.severity - b.severity ||
    Number(b.money ?? 0) - Number(a.money ?? 0) ||
    Date.parse(b.detected_at) - Date.parse(a.detected_at)
  );
}

function row(incident, fresh) {
  const { incident_id, severity, title, summary, category, team, assignee, state } = incident;
  const under = [category, assignee || team].filter(Boolean).join(' · ');
  return el(
    'tr',
    { class: fresh ? 'fresh' : undefined },
    el('td', { class: 'nowrap' }, severityBadge(severity)),
    el(
      'th',
      { scope: 'row', class: 'wide' },
      el('a', { class: 'title', href: `/incidents/${encodeURIComponent(incident_id)}` }, title || summary || incident_id),
      el('span', { class: 'muted small' }, under),
    ),
    el('td', { class: 'number', 'data-name': 'Money' }, money(incident.money, incident.currency)),
    el('td', { class: 'number', 'data-name': 'Customers' }, incident.customers > 0 ? count(incident.customers) : '–'),
    el('td', { class: 'nowrap', 'data-name': 'Since' }, time(incident.began_at, ago(incident.began_at))),
    el('td', { class: 'nowrap', 'data-name': 'State' }, stateName(state)),
  );
}

function draw(freshId) {
  const all = [...incidents.values()];
  const listed = all.filter((incident) => shown.ended || isActive(incident));
  const visible = listed.filter(({ severity }) => shown.severity === 0 || severity === shown.severity).sort(order);
  const focused = document.activeElement?.getAttribute('href');
  byId('rows').replaceChildren(...visible.map((incident) => row(incident, incident.incident_id === freshId)));
  if (focused)
    byId('rows')
      .querySelector(`a[href="${CSS.escape(focused)}"]`)
      ?.focus();
  byId('heading').textContent = shown.ended ? 'Incidents' : 'Open incidents';
  const empty = byId('empty');
  empty.hidden = visible.length > 0 && !more;
  empty.textContent =
    visible.length > 0 ? 'Only the latest 500 are shown; ask the API or SQL for all.' : 'Nothing is wrong that Weir knows of.';
  drawFilters(listed);
}

function drawFilters(listed) {
  const counts = new Map();
  for (const { severity } of listed) counts.set(severity, (counts.get(severity) ?? 0) + 1);
  const button = (severity, ...content) =>
    el(
      'button',
      {
        type: 'button',
        id: `severity-${severity}`,
        'aria-pressed': String(shown.severity === severity),
        on: { click: () => choose({ severity }) },
      },
      ...content,
    );
  const focused = document.activeElement?.id;
  const severities = [1, 2, 3, 4, 5].filter((severity) => counts.has(severity) || shown.severity === severity);
  byId('filters').replaceChildren(
    button(0, 'All ', el('b', {}, String(listed.length))),
    ...severities.map((severity) =>
      button(severity, el('span', { class: `dot s${severity}` }, severityName(severity)), el('b', {}, String(counts.get(severity) ?? 0))),
    ),
    el(
      'button',
      {
        type: 'button',
        id: 'ended',
        class: 'apart',
        'aria-pressed': String(shown.ended),
        on: { click: () => choose({ ended: !shown.ended }) },
      },
      'Resolved and closed too',
    ),
  );
  if (focused)
    byId('filters')
      .querySelector(`#${CSS.escape(focused)}`)
      ?.focus();
}

function choose(what) {
  const reload = what.ended !== undefined;
  Object.assign(shown, what);
  draw();
  if (reload) void load();
}

async function load() {
  try {
    const { items, next } = await ask(`/incidents?limit=500${shown.ended ? '' : '&state=active'}`);
    incidents.clear();
    more = next !== null;
    for (const incident of items) incidents.set(incident.incident_id, incident);
    notice();
    draw();
  } catch (error) {
    notice(error.message);
  }
}

function take(incident) {
  const known = incidents.get(incident.incident_id);
  if (known && known.sequence >= incident.sequence) return;
  incidents.set(incident.incident_id, incident);
  draw(incident.incident_id);
  const said = { opened: 'New incident', reopened: 'Opened again' }[incident.transition];
  if (said) announce(`${said}, ${severityName(incident.severity)}: ${incident.title}`);
}

const liveTexts = { live: 'Live', lost: 'Connection lost, trying again' };
function onState(state) {
  const live = byId('live');
  live.dataset.state = state;
  live.textContent = liveTexts[state];
}

showWho().catch((error) => notice(error.message));
await load();
listen({ onIncident: take, onReload: load, onState });
// Ages grow.
setInterval(() => draw(), 60_000);
