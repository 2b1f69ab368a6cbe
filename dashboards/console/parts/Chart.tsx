/** A series over time with what was expected and the band around it, on uPlot. Its figures stand below it as a table. */
import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import { figure } from '../core/format.ts';
import { useTheme } from '../core/theme.ts';
import { chartOptions } from './chart-options.ts';

/** Times are in seconds since 1970 UTC, as uPlot takes them; missing figures are null. */
export interface ChartData {
  readonly times: number[];
  readonly observed: (number | null)[];
  readonly expected: (number | null)[];
  readonly lower: (number | null)[];
  readonly upper: (number | null)[];
}

export interface ChartProps {
  readonly data: ChartData;
  readonly unit: string;
  /** What is drawn, in words, for who does not see it. */
  readonly label: string;
  /** When it began, and when it was found, in seconds. */
  readonly began?: number | undefined;
  readonly found?: number | undefined;
  readonly height?: number;
  /** Nothing was expected of it: one line, without a band. */
  readonly plain?: boolean;
}

const clock = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });

export function Chart({ data, unit, label, began, found, height = 280, plain = false }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState<number | null>(null);
  const { isDark } = useTheme();
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const start = performance.now();
    const onDraw = (): void => {
      if (element.dataset['drawn']) return;
      element.dataset['drawn'] = String(data.times.length);
      // What the benchmark reads.
      performance.measure('weir-chart', { start });
    };
    const options = chartOptions(element, { began, found, height, onCursor: setAt, onDraw });
    const plot = new uPlot(options, [data.times, data.lower, data.upper, data.expected, data.observed], element);
    const watch = new ResizeObserver(() => {
      if (Math.abs(plot.width - element.clientWidth) > 1) plot.setSize({ width: element.clientWidth, height });
    });
    watch.observe(element);
    return () => {
      watch.disconnect();
      plot.destroy();
      delete element.dataset['drawn'];
    };
  }, [data, began, found, height, isDark]);

  const shown = at ?? data.times.length - 1;
  const read = (name: string, values: readonly (number | null)[]) => (
    <span class={`mark-${name}`}>
      {name} <b>{figure(values[shown])}</b>
    </span>
  );
  return (
    <figure class="figure">
      <div ref={place} class="chart" role="img" aria-label={label} style={{ height: `${height}px` }} />
      <figcaption class="legend">
        <span class="when">{shown >= 0 ? `${clock.format(new Date((data.times[shown] ?? 0) * 1000))} UTC` : ''}</span>
        {read('observed', data.observed)}
        {plain ? null : read('expected', data.expected)}
        {plain || data.lower[shown] == null ? null : (
          <span class="mark-band">
            usual range{' '}
            <b>
              {figure(data.lower[shown])} to {figure(data.upper[shown])}
            </b>
          </span>
        )}
        {began ? <span class="mark-began">began</span> : null}
        {found ? <span class="mark-found">found</span> : null}
        {unit ? <span>{unit}</span> : null}
      </figcaption>
    </figure>
  );
}
