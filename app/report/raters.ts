/** The RATER tag of incidents, from everything that may have raised them. */
import type { Rater } from '../../core/rater.ts';
import type { Settings } from '../../core/settings/index.ts';
import { ownControls } from '../../detectors/own/index.ts';
import { frameOf, seriesDefinitions } from '../../detectors/series/index.ts';
import { type Rated, type RatedIncident, raterBy } from '../../detectors/service/report/rater.ts';
import { sloDefinitions, sloFailure } from '../../detectors/service/slo/index.ts';
import { controlFailure } from '../detect/failure.ts';
import { shipped } from '../detect/start.ts';

/** Every definition by which findings are made, with the controls and detectors of the settings. */
export function ratedDefinitions(settings: Pick<Settings, 'controls' | 'detectors'>): readonly Rated[] {
  return [
    ...shipped,
    ...ownControls(settings.controls),
    ...sloDefinitions,
    sloFailure,
    controlFailure,
    ...seriesDefinitions(settings.detectors).definitions.map((each) => frameOf(each)),
  ];
}

export const incidentRater = (settings: Pick<Settings, 'controls' | 'detectors'>): ((incident: RatedIncident) => Rater) =>
  raterBy(ratedDefinitions(settings));
