// A series by bucket: what came, what was expected, and the band around it. Drawn as SVG from figures alone.
import { count, el, number } from './base.js';

const width = 900;
const height = 260;
const left = 62;
const right = 12;
const top = 12;
const bottom = 28;
const hourMs = 3_600_000;

function svg(name, attributes = {}, ...children) {
  const shape = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) shape.setAttribute(key, String(value));
  shape.append(...children);
  return shape;
}

/** The next round step: 1, 2 or 5 times a power of ten. */
function roundStep(least) {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5, 10].find((factor) => factor * power >= least) ?? 10);
}

/** Runs of points without a gap between them. */
function runsOf(points, bucketMs) {
  const runs = [];
  for (const point of points) {
    const run = runs.at(-1);
    if (run && point.at - run.at(-1).at <= 1.5 * bucketMs) run.push(point);
    else runs.push([point]);
  }
  return runs;
}

const hours = [0.25, 0.5, 1, 2, 3, 6, 12, 24, 48];
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });

/** Short figures for an axis: 1,250 or 0.35. */
const tick = (value) => (Math.abs(value) >= 100_000 ? `${number(value / 1000)} k` : Math.abs(value) >= 100 ? count(value) : number(value));

/**
 * The picture, or nothing when there are fewer than two points.
 * @param scores `event_time`, `observed`, `expected`, `lower`, `upper` by bucket, in order
 * @param about `bucket_seconds`, and `began_at` of a finding where there is one
 */
export function bandChart(scores, { bucket_seconds, unit, began_at }) {
  const points = scores.map((score) => ({ ...score, at: Date.parse(score.event_time) }));
  if (points.length < 2) return null;
  const bucketMs = bucket_seconds * 1000;
  const from = points[0].at;
  const to = Math.max(points.at(-1).at, from + bucketMs);
  const values = points.flatMap(({ observed, expected, lower, upper }) => [observed, expected, lower, upper]).filter(Number.isFinite);
  const lowest = Math.min(0, ...values);
  const step = roundStep(Math.max(1e-12, (Math.max(...values) - lowest) / 4));
  const highest = Math.max(step, Math.ceil(Math.max(...values) / step) * step);
  const x = (at) => left + ((at - from) / (to - from)) * (width - left - right);
  const y = (value) => height - bottom - ((value - lowest) / (highest - lowest)) * (height - top - bottom);
  const line = (run, of) => run.map((point, index) => `${index ? 'L' : 'M'}${x(point.at).toFixed(1)} ${y(of(point)).toFixed(1)}`).join('');

  const picture = svg('svg', { viewBox: `0 0 ${width} ${height}`, class: 'chart', role: 'img' });
  picture.append(
    svg(
      'title',
      {},
      `${points.length} buckets: observed ${number(points.at(-1).observed)} ${unit} in the last, ${number(points.at(-1).expected)} expected`,
    ),
  );
  for (let value = Math.ceil(lowest / step) * step; value <= highest + step / 2; value += step) {
    picture.append(svg('line', { x1: left, x2: width - right, y1: y(value), y2: y(value), class: 'grid' }));
    picture.append(svg('text', { x: left - 8, y: y(value) + 4, 'text-anchor': 'end' }, tick(value)));
  }
  const every = (hours.find((each) => (to - from) / (each * hourMs) <= 9) ?? 24 * Math.ceil((to - from) / (216 * hourMs))) * hourMs;
  for (let at = Math.ceil(from / every) * every; at <= to; at += every) {
    const midnight = at % (24 * hourMs) === 0;
    picture.append(svg('line', { x1: x(at), x2: x(at), y1: height - bottom, y2: height - bottom + 5, class: 'axis' }));
    if (x(at) > left + 12 && x(at) < width - right - 16)
      picture.append(
        svg(
          'text',
          { x: x(at), y: height - 8, 'text-anchor': 'middle', class: midnight ? 'day' : '' },
          (midnight ? day : clock).format(at),
        ),
      );
  }
  for (const run of runsOf(points, bucketMs)) {
    const back = [...run].reverse();
    const area = `${line(run, ({ upper }) => upper)}${line(back, ({ lower }) => lower).replace('M', 'L')}Z`;
    picture.append(svg('path', { d: area, class: 'band' }));
    picture.append(svg('path', { d: line(run, ({ expected }) => expected), class: 'expected' }));
    picture.append(svg('path', { d: line(run, ({ observed }) => observed), class: 'observed' }));
  }
  for (const { at, observed, lower, upper } of points)
    if (observed < lower || observed > upper) picture.append(svg('circle', { cx: x(at), cy: y(observed), r: 3, class: 'outside' }));
  const began = Date.parse(began_at ?? '');
  if (began >= from && began <= to)
    picture.append(svg('line', { x1: x(began), x2: x(began), y1: top, y2: height - bottom, class: 'began' }));
  return el('figure', { class: 'figure' }, picture, legend(unit, bucket_seconds, began >= from));
}

function legend(unit, seconds, began) {
  const mark = (name, text) => el('span', { class: `mark-${name}` }, text);
  return el(
    'figcaption',
    { class: 'legend' },
    mark('observed', `observed${unit ? `, ${unit}` : ''} in ${count(seconds / 60)} minutes`),
    mark('expected', 'expected'),
    mark('band', 'usual range: beyond it lies one bucket in a thousand on each side'),
    began ? mark('began', 'began') : null,
    el('span', {}, 'times are UTC'),
  );
}
