// What all pages share: asking the API, building elements (text is always text, never markup), and writing figures.

/** An element with properties and children; strings become text. */
export function el(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (key === 'class') element.className = value;
    else if (key === 'on') for (const [type, listener] of Object.entries(value)) element.addEventListener(type, listener);
    else element.setAttribute(key, value === true ? '' : String(value));
  }
  element.append(...children.filter((child) => child !== undefined && child !== null));
  return element;
}

export const byId = (id) => document.getElementById(id);

/** The answer of the API as JSON. Who is not logged in any more gets the login page. */
export async function ask(path, { method = 'GET', body } = {}) {
  const response = await fetch(`/api/v1${path}`, {
    method,
    credentials: 'same-origin',
    headers: {
      accept: 'application/json',
      'x-weir-request': '1',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (response.status === 401) {
    location.reload();
    throw new Error('The session has ended.');
  }
  if (response.status === 204) return undefined;
  const answer = await response.json();
  if (!response.ok) throw new Error([answer.message, answer.hint].filter(Boolean).join(' '));
  return answer;
}

/** Shows what went wrong, or clears it. */
export function notice(text = '') {
  byId('notice').textContent = text;
}

/** Says something to who listens instead of looking. */
export function announce(text) {
  byId('announce').textContent = text;
}

const severities = ['', 'Critical', 'Major', 'Minor', 'Warning', 'Info'];
export const severityName = (severity) => severities[severity] ?? String(severity);

export function severityBadge(severity) {
  return el('span', { class: `severity s${severity}` }, severityName(severity));
}

const states = { open: 'Open', acknowledged: 'Acknowledged', in_progress: 'In progress', resolved: 'Resolved', closed: 'Closed' };
export const stateName = (state) => states[state] ?? state;

const locale = 'en-GB';
const integer = new Intl.NumberFormat(locale);
const figure = new Intl.NumberFormat(locale, { maximumSignificantDigits: 6 });

export const count = (value) => integer.format(Number(value));
export const number = (value) => (Number.isFinite(value) ? figure.format(value) : '–');

export function money(amount, currency) {
  const value = Number(amount);
  if (amount === null || amount === undefined || !Number.isFinite(value)) return '–';
  try {
    return new Intl.NumberFormat(locale, { style: 'currency', currency, currencyDisplay: 'code' }).format(value).replace(/\u00a0/g, ' ');
  } catch {
    return `${integer.format(value)} ${currency}`;
  }
}

const full = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });

/** An instant as a time element: UTC to read, the browser's own time on hover. */
export function time(instant, text) {
  if (!instant) return el('span', { class: 'muted' }, '–');
  const at = new Date(instant);
  return el('time', { datetime: at.toISOString(), title: `${at.toLocaleString(locale)} local time` }, text ?? `${full.format(at)} UTC`);
}

/** How long ago, in the two units that matter. */
export function ago(instant, now = Date.now()) {
  const minutes = Math.max(0, Math.floor((now - Date.parse(instant)) / 60_000));
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** Name of who is logged in, with a way out. */
export async function showWho() {
  const me = await ask('/session');
  const leave = el('button', { class: 'quiet', type: 'button' }, 'Log out');
  leave.addEventListener('click', async () => {
    try {
      await ask('/session', { method: 'DELETE' });
    } finally {
      location.assign('/');
    }
  });
  byId('who').replaceChildren(el('span', {}, me.name === me.role ? me.name : `${me.name} · ${me.role}`), leave);
  return me;
}

/** Listens to incidents; the browser connects again by itself and says what it saw last. */
export function listen({ onIncident, onReload, onState }) {
  const events = new EventSource('/api/v1/incidents/events');
  let lost = false;
  events.addEventListener('open', () => {
    onState('live');
    // Without the id of a last event nothing is sent again: load what was missed.
    if (lost) onReload();
    lost = false;
  });
  events.addEventListener('error', () => {
    lost = true;
    onState('lost');
    if (events.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 10_000);
  });
  events.addEventListener('incident', (event) => onIncident(JSON.parse(event.data)));
  events.addEventListener('reload', onReload);
  return events;
}
