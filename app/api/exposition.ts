/** Metrics of several processes as one Prometheus text. */

/** One metric as prom-client's `getMetricsAsJSON` gives it. */
export interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: string | number;
  readonly values: readonly {
    readonly value: number;
    readonly labels?: Readonly<Record<string, string | number>>;
    /** Where it differs from the name: x_bucket, x_sum, x_count. */
    readonly metricName?: string;
  }[];
}

const name = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;

const escapeHelp = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
const escapeLabel = (text: string): string => escapeHelp(text).replaceAll('"', '\\"');

function labelText(labels: Readonly<Record<string, string | number>> = {}): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${escapeLabel(String(value))}"`);
  return pairs.length > 0 ? `{${pairs.join(',')}}` : '';
}

function valueText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (Number.isFinite(value)) return String(value);
  return value > 0 ? '+Inf' : '-Inf';
}

/**
 * The text format 0.0.4. A metric that several processes have stands once, with the values of all: they differ by their label `role`.
 * @example exposition([{ name: 'up', help: 'Up', type: 'gauge', values: [{ value: 1, labels: { role: 'api' } }] }]) // '# HELP up Up\n# TYPE up gauge\nup{role="api"} 1\n'
 */
export function exposition(metrics: readonly Metric[]): string {
  const byName = new Map<string, Metric[]>();
  for (const metric of metrics) {
    if (!name.test(metric.name) || metric.values.length === 0) continue;
    const same = byName.get(metric.name);
    if (same) same.push(metric);
    else byName.set(metric.name, [metric]);
  }
  const lines: string[] = [];
  for (const [metric, same] of byName) {
    const [{ help, type }] = same as [Metric];
    lines.push(`# HELP ${metric} ${escapeHelp(help)}`, `# TYPE ${metric} ${type}`);
    for (const { values } of same)
      for (const { metricName, labels, value } of values) lines.push(`${metricName ?? metric}${labelText(labels)} ${valueText(value)}`);
  }
  return `${lines.join('\n')}\n`;
}
