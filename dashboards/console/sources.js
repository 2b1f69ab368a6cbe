// What came in and what became of it; rejects and their replay.
import { ago, announce, ask, byId, count, el, notice, showWho, time } from './base.js';

let me = { role: 'reader' };
const figure = (value, warn) => el('td', { class: `number${warn && value > 0 ? ' wrong' : ''}` }, count(value));
const mark = (good, yes, no) => el('td', { class: 'nowrap' }, el('span', { class: good ? 'ok' : 'wrong' }, good ? `✓ ${yes}` : `✗ ${no}`));

function sourceRow({ source, type, format, accounting: a, files, last_received_at }) {
  const under = [type || 'not in the settings any more', format].filter(Boolean).join(' · ');
  const odd = [files.rejected > 0 && `${count(files.rejected)} refused`, files.replay > 0 && `${count(files.replay)} repeated`]
    .filter(Boolean)
    .join(', ');
  return el(
    'tr',
    {},
    el('th', { scope: 'row' }, source, el('div', { class: 'muted small' }, under)),
    figure(a.read),
    figure(a.stored),
    figure(a.rejected, true),
    figure(a.dropped),
    figure(a.in_flight),
    mark(a.balanced, 'balanced', 'does not balance'),
    mark(a.proved, 'proved', `${count(a.in_tables)} in the tables`),
    el('td', { class: 'number' }, type === 'http' ? '–' : count(files.stored), odd ? el('div', { class: 'muted small' }, odd) : null),
    el('td', { class: 'nowrap' }, last_received_at ? time(last_received_at, `${ago(last_received_at)}`) : '–'),
  );
}

function reasonRow(row) {
  const { source, reason, field, rejects, waiting, last_at, example } = row;
  const mayReplay = (me.role === 'operator' || me.role === 'owner') && waiting > 0;
  const button = el(
    'button',
    { type: 'button', class: 'quiet', 'aria-label': `Replay rejects of ${source} with reason ${reason}` },
    'Replay',
  );
  button.addEventListener('click', () => replay(button, row));
  return el(
    'tr',
    {},
    el('th', { scope: 'row' }, source),
    el('td', {}, el('code', {}, reason)),
    el('td', {}, field ? el('code', {}, field) : '–'),
    el('td', { class: 'muted' }, example),
    figure(rejects),
    figure(waiting),
    el('td', { class: 'nowrap' }, time(last_at, ago(last_at))),
    el('td', {}, mayReplay ? button : null),
  );
}

function rejectRow({ ingest_time, source, file, partition, position, reason, field, detail, replayed }) {
  return el(
    'tr',
    {},
    el('td', { class: 'nowrap' }, time(ingest_time)),
    el('th', { scope: 'row' }, source),
    el('td', {}, file || partition.slice(0, 24), el('div', { class: 'muted small' }, `position ${count(position)}`)),
    el('td', {}, el('code', {}, field ? `${reason}: ${field}` : reason)),
    el('td', {}, detail),
    el('td', {}, replayed ? 'yes' : 'no'),
  );
}

async function replay(button, { source, reason }) {
  button.disabled = true;
  button.textContent = 'Replaying…';
  try {
    const { replayed, stored, rejected } = await ask('/replay', { method: 'POST', body: { source, reason } });
    announce(`${count(replayed)} replayed: ${count(stored)} stored, ${count(rejected)} rejected again.`);
    notice();
    await load();
  } catch (error) {
    notice(error.message);
    button.disabled = false;
    button.textContent = 'Replay';
  }
}

async function load() {
  try {
    const [sources, reasons, rejects] = await Promise.all([ask('/sources'), ask('/rejects/reasons'), ask('/rejects?limit=50')]);
    byId('sources').replaceChildren(...sources.items.map(sourceRow));
    byId('empty').hidden = sources.items.length > 0;
    byId('empty').textContent = 'No source is configured and nothing was read yet.';
    byId('reasons').replaceChildren(...reasons.items.map(reasonRow));
    byId('no-rejects').hidden = reasons.items.length > 0;
    byId('no-rejects').textContent = 'Nothing was rejected.';
    byId('rejects').replaceChildren(...rejects.items.map(rejectRow));
    byId('latest').hidden = rejects.items.length === 0;
  } catch (error) {
    notice(error.message);
  }
}

me = await showWho().catch(() => me);
await load();
setInterval(() => {
  if (!document.hidden) void load();
}, 15_000);
