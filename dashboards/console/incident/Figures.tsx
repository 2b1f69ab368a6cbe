/** What was observed and what was to be expected: as a picture over time, and in figures. */
import { money, number, percent, withUnit } from '../core/format.ts';
import type { Incident } from '../core/types.ts';
import { Card } from '../parts/Card.tsx';
import { CsvButton } from '../parts/CsvButton.tsx';
import { LazyChart } from '../parts/LazyChart.tsx';
import { Tags } from '../parts/Tags.tsx';
import { Time } from '../parts/Time.tsx';
import { usePicture } from './use-picture.ts';

const names = ['observed', 'expected', 'lower', 'upper'] as const;

/** Observed against the band, on one axis: where there is no series to draw. */
function Gauge({ incident: { finding, severity } }: { readonly incident: Incident }) {
  const { observed, expected, lower, upper } = finding;
  const values = [observed, expected, lower, upper].filter(Number.isFinite);
  const low = Math.min(...values);
  const high = Math.max(...values);
  if (!(high > low)) return null;
  const at = (value: number): number => 14 + ((value - low) / (high - low)) * 572;
  return (
    <svg viewBox="0 0 600 34" class={`gauge s${severity}`} preserveAspectRatio="none" aria-hidden="true">
      <line x1={14} x2={586} y1={17} y2={17} class="axis" />
      <rect x={at(lower)} width={Math.max(2, at(upper) - at(lower))} y={9} height={16} rx={2} class="band" />
      <line x1={at(expected)} x2={at(expected)} y1={6} y2={28} class="expected" />
      <rect x={at(observed) - 4} width={8} y={5} height={24} rx={3} class="observed" />
    </svg>
  );
}

export function Figures({ incident }: { readonly incident: Incident }) {
  const { finding, impact } = incident;
  const { observed, expected, lower, upper, unit, effect, window, scope, data_quality: quality, metric } = finding;
  const picture = usePicture(finding);
  const change = Number.isFinite(effect) && expected !== 0 ? `${effect > 0 ? '+' : '−'}${percent(Math.abs(effect))}` : '';
  const began = Date.parse(finding.began_at) / 1000;
  const found = Date.parse(finding.detected_at) / 1000;
  const rows = picture?.data.times.map((_, at) => at) ?? [];
  const columns = picture
    ? [
        { name: 'time', of: (at: number) => new Date(picture.data.times[at]! * 1000).toISOString() },
        ...names.map((name) => ({ name, of: (at: number) => picture.data[name][at] })),
      ]
    : [];
  const words = `${metric}: observed ${withUnit(observed, unit)}, expected ${withUnit(expected, unit)}${change ? `, ${change}` : ''}`;
  return (
    <Card
      title="Observed and expected"
      tools={picture ? <CsvButton name={`series-${incident.incident_id}`} rows={rows} columns={columns} /> : null}
    >
      {picture === null ? <div class="chart-space tall" /> : null}
      {picture ? <LazyChart data={picture.data} unit={picture.unit} label={words} began={began} found={found} /> : null}
      {picture === undefined ? <Gauge incident={incident} /> : null}
      <dl class="numbers">
        <div>
          <dt>Observed</dt>
          <dd>{withUnit(observed, unit)}</dd>
        </div>
        <div>
          <dt>Expected</dt>
          <dd>{withUnit(expected, unit)}</dd>
        </div>
        {lower === upper ? null : (
          <div>
            <dt>Usual range</dt>
            <dd>
              {withUnit(lower, unit === 'ratio' ? unit : '')} to {withUnit(upper, unit)}
            </dd>
          </div>
        )}
        {change ? (
          <div>
            <dt>Difference</dt>
            <dd>{change}</dd>
          </div>
        ) : null}
      </dl>
      <dl class="pair">
        <dt>Measure</dt>
        <dd>{metric}</dd>
        <dt>Where</dt>
        <dd>
          <Tags of={scope} none="everywhere" />
        </dd>
        <dt>Window</dt>
        <dd>
          <Time at={window.from} /> to <Time at={window.to} />
        </dd>
        {impact.money ? (
          <>
            <dt>Money</dt>
            <dd>
              {money(impact.money.amount, impact.money.currency)}: {impact.money.method}
            </dd>
          </>
        ) : null}
        {quality ? (
          <>
            <dt>Data</dt>
            <dd>
              {percent(quality.completeness)} complete, {number(quality.lag_s)} s behind
            </dd>
          </>
        ) : null}
      </dl>
    </Card>
  );
}
