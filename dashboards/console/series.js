// Detectors over series: how many, which are open, and what each would not see.
import { ago, announce, ask, byId, count, el, notice, number, showWho, time } from './base.js';
import { bandChart } from './chart.js';

const dayMs = 86_400_000;
const views = [
  ['open-first', 'All', { sort: 'score' }],
  ['open', 'Open', { sort: 'score', open: true }],
  ['blind', 'Blind', { sort: 'volume', blind: true }],
  ['drop', 'Least visible', { sort: 'drop', blind: false }],
  ['volume', 'Largest', { sort: 'volume' }],
];
const chosen = { view: 'open-first', detector: new URLSearchParams(location.search).get('detector') ?? '', key: location.hash.slice(1) };
let detectors = new Map();
let next = null;

const percent = (share) => `${number(Math.round(share * 1000) / 10)} %`;
const three = new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 3 });
const compact = new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 3, notation: 'compact' });
/** Three digits are enough of what was worked out. */
function figure(value) {
  if (value === null || value === undefined) return '–';
  if (Math.abs(value) >= 1e6) return compact.format(value);
  return Math.abs(value) >= 100 ? count(Math.round(value)) : three.format(value);
}
const nameOf = (scope) =>
  Object.values(scope)
    .map((value) => value || '(none)')
    .join(' · ');

/** What a change is called that the detector looks for. */
const changeOf = (detector) => (detectors.get(detector)?.direction === 'up' ? 'rise' : 'drop');

/** What would be seen within an hour, in plain words: a short one and why. */
function sight(series) {
  const { expected, visible_drop, first_seen, judged_to, detector } = series;
  const known = detectors.get(detector);
  const days = known?.history_days ?? 0;
  const seen = (Date.parse(judged_to) - Date.parse(first_seen)) / dayMs;
  if (expected === null) return ['Learning', 'Nothing to compare with yet.', 'muted'];
  if (seen < days) return ['Learning', `Judged from ${count(days)} days of data on; it has ${count(Math.floor(seen))}.`, 'muted'];
  if (!(expected > 0)) return ['Nothing expected', 'At this time of the week nothing usually comes, so nothing would be missed.', 'muted'];
  const hour = (expected * 3600) / series.bucket_seconds;
  const perHour = known && ['records', 'readings', 'steps', 'seconds', 'octets', 'currency'].includes(series.unit) && !isMean(known);
  if (visible_drop === null)
    return [
      'Blind now',
      `At this time of the week even ${changeOf(detector) === 'rise' ? 'twice as much' : 'a full stop'} for an hour would not be told from chance${perHour ? `: about ${figure(hour)} an hour are too few, or vary too much` : ''}. What stands above it may show it.`,
      'wrong',
    ];
  return [
    `${changeOf(detector) === 'rise' ? '+' : '−'}${percent(visible_drop)}`,
    `A ${changeOf(detector)} of ${percent(visible_drop)}${perHour ? `, some ${figure(hour * visible_drop)} of ${figure(hour)} an hour,` : ''} that lasts an hour is seen 9 times of 10.`,
    '',
  ];
}

const isMean = ({ metric }) =>
  ['call_seconds', 'setup_delay_ms', 'charge_per_record', 'device_gauge', 'answer_ratio', 'lifecycle_success'].includes(metric);

function detectorRow(detector) {
  const { title, dimensions, bucket_seconds, series, open, blind, learning, median_visible_drop, judged_to } = detector;
  const judged = series - learning;
  const pick = el('button', { type: 'button', class: 'link title', 'aria-pressed': String(chosen.detector === detector.detector) }, title);
  pick.addEventListener('click', () => {
    chosen.detector = chosen.detector === detector.detector ? '' : detector.detector;
    void show();
  });
  const middle = judged === 0 ? '–' : median_visible_drop === null ? 'not even a stop' : percent(median_visible_drop);
  return el(
    'tr',
    { class: chosen.detector === detector.detector ? 'chosen' : undefined },
    el(
      'th',
      { scope: 'row' },
      pick,
      el('div', { class: 'muted small' }, `${detector.detector} · by ${dimensions.join(', ')} · every ${count(bucket_seconds / 60)} min`),
    ),
    el('td', { class: 'number' }, count(series)),
    el('td', { class: `number${open > 0 ? ' wrong' : ''}` }, count(open)),
    el('td', { class: 'number' }, middle),
    el(
      'td',
      { class: 'number' },
      count(blind),
      blind > 0 && judged > 0 ? el('div', { class: 'muted small' }, percent(blind / judged)) : null,
    ),
    el('td', { class: 'number' }, count(learning)),
    el('td', { class: 'nowrap' }, series > 0 ? time(judged_to) : el('span', { class: 'muted' }, 'no data yet')),
  );
}

function seriesRow(series) {
  const { scope, observed, expected, lower, upper, unit, judged_to, open, detector, series_key } = series;
  const [brief, why, tone] = sight(series);
  const pick = el('button', { type: 'button', class: 'link title' }, nameOf(scope));
  pick.addEventListener('click', () => {
    history.replaceState(null, '', `#${series_key}`);
    void choose(series_key, true);
  });
  const outside = observed !== null && (observed < lower || observed > upper);
  return el(
    'tr',
    {},
    el(
      'th',
      { scope: 'row', class: 'wide subject' },
      pick,
      el(
        'div',
        { class: 'muted small' },
        open ? el('span', { class: 'wrong' }, 'open · ') : null,
        `${detectors.get(detector)?.title ?? detector}${Object.keys(scope).length > 1 ? ` · ${Object.keys(scope).at(-1)}` : ''}`,
      ),
    ),
    el(
      'td',
      { class: `number${outside ? ' wrong' : ''}`, 'data-name': 'Observed' },
      observed === null ? 'no data' : figure(observed),
      unitLine(unit),
    ),
    el('td', { class: 'number', 'data-name': 'Expected' }, figure(expected)),
    el(
      'td',
      { class: 'number', 'data-name': 'Usual range' },
      lower === null || upper === null ? '–' : `${figure(lower)} to ${figure(upper)}`,
    ),
    el(
      'td',
      { class: 'wide', 'data-name': 'Seen within an hour' },
      el('span', { class: tone || 'ok' }, brief),
      el('div', { class: 'muted small' }, why),
    ),
    el('td', { class: 'nowrap', 'data-name': 'Last bucket' }, time(judged_to, ago(judged_to))),
  );
}

const unitLine = (unit) => (unit ? el('div', { class: 'muted small' }, unit) : null);

/** The chosen series with its picture. */
async function choose(key, move = false) {
  if (!/^[0-9a-f]{32}$/.test(key)) return;
  chosen.key = key;
  try {
    const { series, scores } = await ask(`/series/${key}?days=2`);
    const [brief, why] = sight(series);
    byId('chosen').hidden = false;
    byId('chosen-heading').textContent = nameOf(series.scope);
    byId('chosen-facts').replaceChildren(
      `${detectors.get(series.detector)?.title ?? series.detector} · judged to `,
      time(series.judged_to),
    );
    const picture = bandChart(scores, series);
    const explain = el('p', { class: 'under' }, el('b', {}, brief), ` · ${why}`);
    byId('chosen-body').replaceChildren(
      ...[
        picture ??
          el(
            'p',
            { class: 'muted' },
            'No scores are stored of the last two days: they are kept of the largest series of each detector, and of all while something is unusual.',
          ),
        explain,
      ],
    );
    if (move) byId('chosen').scrollIntoView({ block: 'start' });
    announce(`${nameOf(series.scope)}: ${brief}. ${why}`);
  } catch (error) {
    notice(error.message);
  }
}

function drawFilters() {
  const buttons = views.map(([name, text]) =>
    el(
      'button',
      {
        type: 'button',
        'aria-pressed': String(chosen.view === name),
        on: {
          click: () => {
            chosen.view = name;
            void show();
          },
        },
      },
      text,
    ),
  );
  const only = detectors.get(chosen.detector);
  const back = only
    ? [el('button', { type: 'button', 'aria-pressed': 'true', class: 'apart', on: { click: clearDetector } }, `${only.title} ×`)]
    : [];
  byId('filters').replaceChildren(...buttons, ...back);
  byId('series-heading').textContent = only ? `Series of ${only.detector}` : 'All series';
}

function clearDetector() {
  chosen.detector = '';
  void show();
}

const pathOf = (cursor) => {
  const wanted = new URLSearchParams({ limit: '50', ...views.find(([name]) => name === chosen.view)[2] });
  if (chosen.detector) wanted.set('detector', chosen.detector);
  if (cursor) wanted.set('cursor', cursor);
  return `/series?${wanted}`;
};

async function show() {
  try {
    const page = await ask(pathOf());
    byId('detectors').replaceChildren(...[...detectors.values()].map(detectorRow));
    drawFilters();
    byId('series').replaceChildren(...page.items.map(seriesRow));
    byId('no-series').hidden = page.items.length > 0;
    byId('no-series').textContent = chosen.view === 'open' ? 'Nothing is open: every series is as it should be.' : 'No such series.';
    next = page.next;
    byId('more').hidden = next === null;
    notice();
  } catch (error) {
    notice(error.message);
  }
}

async function more() {
  try {
    const page = await ask(pathOf(next));
    byId('series').append(...page.items.map(seriesRow));
    next = page.next;
    byId('more').hidden = next === null;
    announce(`${page.items.length} more series.`);
  } catch (error) {
    notice(error.message);
  }
}

async function load() {
  try {
    const { items } = await ask('/detectors');
    detectors = new Map(items.map((detector) => [detector.detector, detector]));
    byId('empty').hidden = items.length > 0;
    byId('empty').textContent = 'No detector over series is switched on.';
    const written = items
      .map(({ written_at }) => written_at ?? '')
      .sort()
      .at(-1);
    byId('written').replaceChildren(
      ...(written ? ['as they stood ', time(written, ago(written) === 'just now' ? 'just now' : `${ago(written)} ago`)] : []),
    );
  } catch (error) {
    notice(error.message);
  }
  await show();
}

byId('more').addEventListener('click', more);
await showWho().catch(() => undefined);
await load();
if (chosen.key) await choose(chosen.key);
setInterval(() => {
  // Not while somebody has paged on.
  if (!document.hidden && byId('series').children.length <= 50) void load();
}, 60_000);
