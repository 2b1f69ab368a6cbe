/** How uPlot draws our series: colours of the style, the band, and the moments of a finding. */
import type uPlot from 'uplot';
import { figure } from '../core/format.ts';

export interface ChartWishes {
  readonly began: number | undefined;
  readonly found: number | undefined;
  readonly height: number;
  /** Index of the point under the pointer; null = none. */
  readonly onCursor: (index: number | null) => void;
  readonly onDraw: () => void;
}

interface Colours {
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly observed: string;
  readonly expected: string;
  readonly band: string;
  readonly began: string;
  readonly found: string;
}

/** The canvas knows no variables of the style: they are read where it hangs. */
function coloursOf(element: HTMLElement): Colours {
  const probe = element.appendChild(document.createElement('span'));
  const read = (name: string): string => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const colours = {
    text: read('--text'),
    muted: read('--muted'),
    line: read('--line'),
    observed: read('--chart-observed'),
    expected: read('--chart-expected'),
    band: read('--chart-band'),
    began: read('--bad'),
    found: read('--s2'),
  };
  probe.remove();
  return colours;
}

/** A vertical line at an instant, where it is in sight. */
function moment(plot: uPlot, seconds: number, colour: string, dash: number[]): void {
  const { ctx, bbox } = plot;
  const x = plot.valToPos(seconds, 'x', true);
  if (x < bbox.left || x > bbox.left + bbox.width) return;
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1.5 * devicePixelRatio;
  ctx.setLineDash(dash.map((length) => length * devicePixelRatio));
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.restore();
}

/** Observed values outside of their band, as points. */
function outside(plot: uPlot, colour: string): void {
  const [times, lower, upper, , observed] = plot.data as [number[], (number | null)[], (number | null)[], unknown, (number | null)[]];
  const { min, max } = plot.scales['x'] ?? {};
  const { ctx } = plot;
  const first = plot.valToIdx(min ?? 0);
  const last = plot.valToIdx(max ?? 0);
  // So many points would hide the line that they lie on.
  if (last - first > 3000) return;
  ctx.save();
  ctx.fillStyle = colour;
  for (let at = first; at <= last; at++) {
    const value = observed[at];
    const low = lower[at];
    const high = upper[at];
    if (value == null || low == null || high == null || (value >= low && value <= high)) continue;
    ctx.beginPath();
    ctx.arc(plot.valToPos(times[at]!, 'x', true), plot.valToPos(value, 'y', true), 2.5 * devicePixelRatio, 0, 2 * Math.PI);
    ctx.fill();
  }
  ctx.restore();
}

const font = '12px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif';

/** All times are read as UTC: the axis must not depend on where the browser is. */
const utc = (seconds: number): Date => {
  const date = new Date(seconds * 1000);
  return new Date(date.getTime() + date.getTimezoneOffset() * 60_000);
};

/** The end of the axis: a moment shortly after the last point is in sight as well. */
function withMoments(from: number, to: number, moments: readonly (number | undefined)[]): number {
  const near = to + (to - from) / 20;
  return Math.max(to, ...moments.filter((each): each is number => each !== undefined && each <= near));
}

export function chartOptions(element: HTMLElement, { began, found, height, onCursor, onDraw }: ChartWishes): uPlot.Options {
  const colours = coloursOf(element);
  const axis = { stroke: colours.muted, font, grid: { stroke: colours.line, width: 1 }, ticks: { stroke: colours.line, size: 4 } };
  return {
    width: element.clientWidth,
    height,
    padding: [10, 26, 0, 0],
    tzDate: utc,
    legend: { show: false },
    cursor: { points: { size: 7 }, drag: { x: true, y: false } },
    scales: {
      x: { range: (_plot, from, to) => [from, withMoments(from, to, [began, found])] },
      y: {
        range: (_plot, low, high) =>
          high > low ? [Math.min(0, low), high + (high - Math.min(0, low)) * 0.06] : [Math.min(0, low), low + 1],
      },
    },
    axes: [
      {
        ...axis,
        space: 70,
        values: [
          [86_400, '{D} {MMM}', null, null, null, null, null, null, 0],
          [60, '{HH}:{mm}', '\n{D} {MMM}', null, '\n{D} {MMM}', null, null, null, 0],
          [1, '{HH}:{mm}:{ss}', '\n{D} {MMM}', null, '\n{D} {MMM}', null, null, null, 0],
        ],
      },
      { ...axis, size: 62, values: (_plot, ticks) => ticks.map((tick) => figure(tick)) },
    ],
    series: [
      {},
      { stroke: 'transparent', width: 0, points: { show: false } },
      { stroke: 'transparent', width: 0, points: { show: false } },
      { stroke: colours.expected, width: 1.5, dash: [5, 4], points: { show: false } },
      { stroke: colours.observed, width: 1.75, points: { show: false } },
    ],
    bands: [{ series: [2, 1], fill: colours.band }],
    hooks: {
      draw: [
        (plot) => {
          outside(plot, colours.began);
          if (began !== undefined) moment(plot, began, colours.began, [3, 3]);
          if (found !== undefined) moment(plot, found, colours.found, []);
          onDraw();
        },
      ],
      setCursor: [(plot) => onCursor(plot.cursor.idx ?? null)],
    },
  };
}
