/** The series that a finding is about: of a detector its stored scores, of a control its judgements. */
import { useEffect, useState } from 'preact/hooks';
import { ask, pathOf } from '../core/ask.ts';
import type { ControlResult, Finding, Page, SeriesColumns, SeriesSummary } from '../core/types.ts';
import type { ChartData } from '../parts/Chart.tsx';
import { chartOfColumns, chartOfResults } from '../parts/chart-data.ts';

export interface Picture {
  readonly data: ChartData;
  readonly unit: string;
}

async function ofDetector({ detector, scope }: Finding): Promise<Picture | undefined> {
  const { items } = await ask<Page<SeriesSummary>>(pathOf('/series', { detector, scope: JSON.stringify(scope), limit: 1 }));
  if (!items[0]) return undefined;
  const columns = await ask<SeriesColumns>(`/series/${items[0].series_key}/columns?days=2`);
  return { data: chartOfColumns(columns), unit: columns.series.unit };
}

async function ofControl({ detector, scope, unit }: Finding): Promise<Picture | undefined> {
  const { items } = await ask<Page<ControlResult>>(pathOf('/control-results', { control: detector, limit: 500 }));
  const same = items.filter(({ cell }) =>
    Object.entries(cell).every(([name, value]) => scope[name] === undefined || scope[name] === value),
  );
  return { data: chartOfResults(same), unit };
}

/** The picture; undefined where there is none to draw, null while it is looked for. */
export function usePicture(finding: Finding): Picture | undefined | null {
  const [picture, setPicture] = useState<Picture | undefined | null>(null);
  const { finding_key, detected_at } = finding;
  useEffect(() => {
    let wanted = true;
    const load = /^[a-z]/.test(finding.detector) ? ofDetector : ofControl;
    const show = (found: Picture | undefined): void => {
      if (wanted) setPicture(found && found.data.times.length > 1 ? found : undefined);
    };
    // Without the picture the page says everything that the finding says.
    load(finding).then(show, () => show(undefined));
    return () => {
      wanted = false;
    };
  }, [finding_key, detected_at]);
  return picture;
}
