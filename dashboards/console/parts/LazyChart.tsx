/** The chart, whose library comes with the first one that is drawn. */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { ChartProps } from './Chart.tsx';

let loaded: ComponentType<ChartProps> | undefined;

/** Begins to load it before the data is there. */
export async function loadChart(): Promise<ComponentType<ChartProps>> {
  loaded ??= (await import('./Chart.tsx')).Chart;
  return loaded;
}

export function LazyChart(props: ChartProps) {
  const [Chart, setChart] = useState(() => loaded);
  useEffect(() => {
    if (!Chart) void loadChart().then((chart) => setChart(() => chart));
  }, [Chart]);
  return Chart ? <Chart {...props} /> : <div class="chart-space" style={{ height: `${props.height ?? 280}px` }} />;
}
