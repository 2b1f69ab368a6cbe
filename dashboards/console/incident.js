// One incident in full.
import { ago, announce, ask, byId, count, el, listen, money, notice, number, severityBadge, showWho, stateName, time } from './base.js';
import { bandChart } from './chart.js';

const id = decodeURIComponent(location.pathname.split('/').pop() ?? '');
let me = { role: 'reader' };
let sequence = 0;
let verdicts = [];
/** The picture of the series that a finding is about; kept over news. */
let picture = null;

const steps = [
  ['acknowledge', 'Acknowledge', ['open']],
  ['in_progress', 'Begin work', ['open', 'acknowledged']],
  ['resolve', 'Resolve', ['open', 'acknowledged', 'in_progress']],
  ['close', 'Close', ['resolved']],
];

const words = { true: 'It was right', false: 'False alarm', useful: 'It helped' };

const card = (heading, ...children) => el('section', { class: 'card padded' }, el('h2', {}, heading), ...children);
const fact = (name, value, ...more) => el('div', {}, el('dt', {}, name), el('dd', {}, value, ...more));
const big = (text) => el('span', { class: 'big' }, text);
const small = (text) => el('div', { class: 'muted small' }, text);

function tags(record) {
  return Object.entries(record ?? {}).map(([name, value]) => el('span', { class: 'tag' }, el('span', {}, `${name} `), String(value)));
}

function facts({ impact, finding, began_at, detected_at, team, assignee, acknowledged_at, resolved_at }) {
  const { money: amount, customers } = impact;
  const classes = { leakage: 'Leakage', over_charge: 'Over-charge', risk: 'At risk' };
  const segments = Object.entries(customers?.segments ?? {}).map(([name, many]) => `${name} ${count(many)}`);
  return el(
    'dl',
    { class: 'card facts' },
    amount &&
      fact(
        classes[amount.class] ?? 'Money',
        big(money(amount.amount, amount.currency)),
        amount.low && amount.high
          ? small(`between ${money(amount.low, amount.currency)} and ${money(amount.high, amount.currency)}`)
          : null,
        amount.recoverable_until ? small(`to be billed by ${amount.recoverable_until.slice(0, 10).replaceAll('-', '\u2011')}`) : null,
      ),
    customers && fact('Customers', big(count(customers.count)), segments.length > 0 ? small(segments.join(', ')) : null),
    fact('Since', big(ago(began_at)), el('div', { class: 'muted small' }, time(began_at))),
    fact('Detected', time(detected_at), small(`by ${finding.detector}`)),
    fact(
      'In charge',
      assignee || team || 'Nobody yet',
      assignee && team ? small(team) : null,
      acknowledged_at ? el('div', { class: 'muted small' }, 'acknowledged ', time(acknowledged_at)) : null,
      resolved_at ? el('div', { class: 'muted small' }, 'resolved ', time(resolved_at)) : null,
    ),
  );
}

/** Observed against the band of what was to be expected, on one axis. */
function gauge({ observed, expected, lower, upper }, severity) {
  const values = [observed, expected, lower, upper].filter(Number.isFinite);
  const low = Math.min(...values);
  const high = Math.max(...values);
  if (!(high > low)) return null;
  const at = (value) => 14 + ((value - low) / (high - low)) * 572;
  const svg = (name, attributes) => {
    const shape = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [key, value] of Object.entries(attributes)) shape.setAttribute(key, String(value));
    return shape;
  };
  const picture = svg('svg', { viewBox: '0 0 600 34', class: `gauge s${severity}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' });
  picture.append(svg('line', { x1: 14, x2: 586, y1: 17, y2: 17, class: 'axis' }));
  if (Number.isFinite(lower) && Number.isFinite(upper))
    picture.append(svg('rect', { x: at(lower), width: Math.max(2, at(upper) - at(lower)), y: 9, height: 16, class: 'band', rx: 2 }));
  if (Number.isFinite(expected)) picture.append(svg('line', { x1: at(expected), x2: at(expected), y1: 6, y2: 28, class: 'expected' }));
  if (Number.isFinite(observed)) picture.append(svg('rect', { x: at(observed) - 4, width: 8, y: 5, height: 24, rx: 3, class: 'observed' }));
  return picture;
}

/** What was worked out is no more exact than four digits; whole numbers are written in full. */
const rounded = (value) => (Number.isInteger(value) ? count(value) : number(Number(Number(value).toPrecision(4))));

function figures({ finding, severity, impact }) {
  const { observed, expected, lower, upper, unit, effect, window, scope, data_quality, metric } = finding;
  const change = Number.isFinite(effect) && expected !== 0 ? `${effect > 0 ? '+' : '−'}${rounded(Math.abs(effect * 100))} %` : null;
  const legend = (name, value) => el('span', {}, `${name} `, el('b', {}, value));
  const worded = (value) => (unit === 'ratio' ? `${rounded(value * 100)} %` : `${rounded(value)}${unit ? ` ${unit}` : ''}`);
  return card(
    'Observed and expected',
    picture,
    gauge(finding, severity),
    el(
      'div',
      { class: 'legend' },
      legend('Observed', worded(observed)),
      legend('Expected', worded(expected)),
      lower === upper ? null : legend('Usual range', `${worded(lower)} to ${worded(upper)}`),
      change && legend('Difference', change),
    ),
    el('h3', {}, 'What it is about'),
    el(
      'dl',
      { class: 'pair' },
      ...pair('Measure', metric),
      ...pair('Where', ...tags(scope)),
      ...pair('Window', time(window.from), ' to ', time(window.to)),
      ...(impact.money?.method ? pair('How the money was computed', impact.money.method) : []),
      ...(data_quality
        ? pair('Data', `${number(data_quality.completeness * 100)} % complete, ${number(data_quality.lag_s)} s behind`)
        : []),
    ),
  );
}

const pair = (name, ...value) => (value.length === 0 ? [] : [el('dt', {}, name), el('dd', {}, ...value)]);

function explanation({ explanation: parts, change_suspects: suspects, finding }) {
  if (!parts?.length && !suspects?.length) return null;
  const percent = (share) => `${rounded(Math.round(share * 1000) / 10)} %`;
  const left = parts?.at(-1)?.remaining;
  const what = finding.direction === 'up' ? 'surge' : finding.direction === 'down' ? 'drop' : 'deviation';
  const dimensionsOf = (dimensions) => (Object.keys(dimensions ?? {}).length > 0 ? tags(dimensions) : ['everything in its scope']);
  return card(
    'What explains it',
    parts?.length
      ? el(
          'ul',
          { class: 'plain' },
          ...parts.map(({ dimensions, share }) =>
            el(
              'li',
              { class: 'share' },
              el('div', {}, ...dimensionsOf(dimensions)),
              el('progress', { max: 1, value: share, 'aria-label': `share ${percent(share)}` }),
              el('div', { class: 'number' }, percent(share)),
            ),
          ),
        )
      : null,
    parts?.length
      ? small(
          `Share of the ${what} that these values explain, the smallest set that does${Number.isFinite(left) && left > 0.005 ? `; ${percent(left)} remain` : ''}.`,
        )
      : null,
    suspects?.length ? el('h3', {}, 'Changes just before it, the likeliest first') : null,
    suspects?.length
      ? el(
          'ul',
          { class: 'plain' },
          ...suspects.map(({ summary, event_time, change_id }) =>
            el(
              'li',
              {},
              summary,
              el(
                'div',
                { class: 'muted small' },
                time(event_time),
                change_id ? ` · ${change_id}` : null,
                ` · ${before(event_time, finding.began_at)}`,
              ),
            ),
          ),
        )
      : null,
  );
}

/** How long before the beginning a change was. */
function before(changed, began) {
  const minutes = Math.round((Date.parse(began) - Date.parse(changed)) / 60_000);
  if (!Number.isFinite(minutes)) return '';
  return minutes > 0 ? `${minutes} min before it began` : minutes < 0 ? `${-minutes} min after it began` : 'as it began';
}

/** The series of a finding by bucket, where a detector over series said it. */
async function loadPicture({ finding }) {
  if (picture || !/^[a-z]/.test(finding.detector)) return;
  try {
    const wanted = new URLSearchParams({ detector: finding.detector, scope: JSON.stringify(finding.scope), limit: '1' });
    const { items } = await ask(`/series?${wanted}`);
    if (items.length === 0) return;
    const { series, scores } = await ask(`/series/${items[0].series_key}?days=2`);
    picture = bandChart(scores, { ...series, began_at: finding.began_at });
  } catch {
    // Without the picture the page says everything that the finding says.
  }
}

function copyButton(text) {
  const button = el('button', { type: 'button', class: 'quiet' }, 'Copy');
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = 'Copied';
      announce('Copied.');
    } catch {
      button.textContent = 'Select it by hand';
    }
    setTimeout(() => {
      button.textContent = 'Copy';
    }, 2000);
  });
  return button;
}

function evidence({ finding: { evidence: proof } }) {
  const ids = proof?.sample_record_ids ?? [];
  if (!proof?.sql && ids.length === 0) return null;
  return card(
    'Evidence',
    proof.sql
      ? el(
          'div',
          {},
          el('div', { class: 'row-head' }, el('h3', {}, 'The SQL to see it again'), copyButton(proof.sql)),
          el('pre', { tabindex: 0 }, proof.sql),
        )
      : null,
    ids.length > 0 ? el('h3', {}, `Sample records (${ids.length})`) : null,
    ids.length > 0 ? el('ul', { class: 'plain' }, ...ids.slice(0, 20).map((each) => el('li', {}, el('code', {}, each)))) : null,
  );
}

function timeline({ timeline: entries }) {
  return card(
    'Timeline',
    el(
      'ol',
      { class: 'timeline' },
      ...[...entries]
        .reverse()
        .map(({ at, actor, text }) => el('li', {}, el('p', {}, text), el('p', { class: 'muted small' }, `${actor} · `, time(at)))),
    ),
  );
}

/** Whether it was right, in the words of people: the latest of each. */
function judgement() {
  const mayJudge = me.role === 'operator' || me.role === 'owner';
  const latest = verdicts.filter(({ actor }, at) => verdicts.findIndex((other) => other.actor === actor) === at);
  if (!mayJudge && latest.length === 0) return null;
  return card(
    'Was it right?',
    el(
      'ul',
      { class: 'plain' },
      ...latest.map(({ verdict, note, actor, at }) =>
        el(
          'li',
          {},
          el('b', {}, words[verdict] ?? verdict),
          note ? ` · ${note}` : null,
          el('div', { class: 'muted small' }, `${actor} · `, time(at)),
        ),
      ),
    ),
    mayJudge
      ? el(
          'div',
          { class: 'actions' },
          ...Object.entries(words).map(([verdict, text]) => el('button', { type: 'button', on: { click: () => judge(verdict) } }, text)),
        )
      : null,
    mayJudge ? small('Limits learn from it. A note above goes with it.') : null,
  );
}

async function judge(verdict) {
  const note = byId('note');
  const text = note?.value.trim() ?? '';
  const buttons = document.querySelectorAll('.actions button');
  for (const button of buttons) button.disabled = true;
  try {
    await ask(`/incidents/${encodeURIComponent(id)}/verdict`, { method: 'POST', body: text ? { verdict, note: text } : { verdict } });
    notice();
    if (note) note.value = '';
    await load();
    announce(`Your verdict: ${words[verdict]}.`);
    byId('main').focus();
  } catch (error) {
    notice(error.message);
    for (const button of buttons) button.disabled = false;
  }
}

function actions({ state }) {
  if (me.role !== 'operator' && me.role !== 'owner') return null;
  const note = el('textarea', { id: 'note', maxlength: 4000 });
  const possible = steps.filter(([, , from]) => from.includes(state));
  const buttons = possible.map(([action, text], index) =>
    el('button', { type: 'button', class: index === 0 ? 'primary' : undefined, on: { click: () => act(action, note) } }, text),
  );
  const say = el('button', { type: 'button', on: { click: () => act('comment', note) } }, 'Comment');
  return el(
    'section',
    { class: 'card padded', 'aria-label': 'Actions' },
    el('label', { for: 'note' }, 'Note for the timeline (needed for a comment)'),
    note,
    el('div', { class: 'actions' }, ...buttons, say),
  );
}

async function act(action, note) {
  const buttons = document.querySelectorAll('.actions button');
  for (const button of buttons) button.disabled = true;
  try {
    const text = note.value.trim();
    const { incident } = await ask(`/incidents/${encodeURIComponent(id)}/${action}`, { method: 'POST', body: text ? { note: text } : {} });
    notice();
    note.value = '';
    draw(incident);
    announce(`The incident is ${stateName(incident.state)}.`);
    byId('main').focus();
  } catch (error) {
    notice(error.message);
    for (const button of buttons) button.disabled = false;
  }
}

function draw(incident) {
  sequence = incident.sequence;
  document.title = `${incident.title} · Weir`;
  // What somebody is writing survives news.
  const draft = byId('note')?.value ?? '';
  const article = byId('incident');
  article.setAttribute('aria-busy', 'false');
  article.replaceChildren(
    el(
      'div',
      { class: 'badges' },
      severityBadge(incident.severity),
      el('span', {}, stateName(incident.state)),
      el('span', { class: 'muted' }, incident.category),
      el('code', { class: 'muted' }, incident.incident_id),
    ),
    el('h1', {}, incident.title),
    el('p', { class: 'lead' }, incident.summary),
    facts(incident),
    el(
      'div',
      { class: 'split' },
      el('div', { class: 'stack' }, ...[figures(incident), explanation(incident), evidence(incident)].filter(Boolean)),
      el('div', { class: 'stack' }, ...[actions(incident), judgement(), timeline(incident)].filter(Boolean)),
    ),
  );
  const note = byId('note');
  if (note && draft) note.value = draft;
}

async function load() {
  try {
    const at = encodeURIComponent(id);
    const [{ incident }, said] = await Promise.all([ask(`/incidents/${at}`), ask(`/verdicts?incident_id=${at}&limit=100`)]);
    verdicts = said.items;
    await loadPicture(incident);
    draw(incident);
  } catch (error) {
    notice(error.message);
    byId('incident').replaceChildren();
  }
}

me = await showWho().catch(() => me);
await load();
listen({
  onIncident: (incident) => {
    if (incident.incident_id === id && incident.sequence > sequence) void load();
  },
  onReload: load,
  onState: () => undefined,
});
