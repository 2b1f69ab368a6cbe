/** Agreements out of the folder of the settings, or of any file. */
import { WeirError } from '../../core/errors.ts';
import type { Settings } from '../../core/settings/index.ts';
import { type Agreement, readAgreements } from '../../detectors/service/sla/index.ts';
import { type FileProblem, readDocuments, yamlFiles } from '../files/documents.ts';
import type { KpiPort } from '../slo/kpi-port.ts';

export interface ReadAgreements {
  readonly agreements: readonly Agreement[];
  readonly problems: readonly FileProblem[];
  readonly files: readonly string[];
}

/** @throws WeirError config_unreadable when there is no such file or folder */
export function agreementsIn(path: string, settings: Pick<Settings, 'timeZone' | 'currency'>, kpis: KpiPort): ReadAgreements {
  const files = yamlFiles(path);
  const { documents, problems } = readDocuments(files);
  const read = readAgreements(documents, {
    timeZone: settings.timeZone,
    currency: settings.currency,
    kpi: (name) => kpis.facts(name),
    kpis: kpis.names,
  });
  return {
    files,
    agreements: read.agreements,
    problems: [
      ...problems,
      ...read.problems.map(({ document, path: at, message, hint }) => ({ place: documents[document]?.placeOf(at) ?? path, message, hint })),
    ],
  };
}

/** The agreements of the settings; none where no folder is named. */
export function settingsAgreements(settings: Pick<Settings, 'timeZone' | 'currency' | 'sla'>, kpis: KpiPort): ReadAgreements {
  return settings.sla.directory === '' ? { agreements: [], problems: [], files: [] } : agreementsIn(settings.sla.directory, settings, kpis);
}

/**
 * The agreements with a partner, or the one of a name.
 * @throws WeirError not_found, with the partners that there are
 */
export function agreementsWith(agreements: readonly Agreement[], partner: string): readonly Agreement[] {
  const found = agreements.filter((each) => each.partner === partner || each.identity === partner);
  if (found.length > 0) return found;
  const known = [...new Set(agreements.map((each) => each.partner))];
  throw new WeirError('not_found', `There is no agreement with ${partner.slice(0, 80)}.`, {
    hint: known.length === 0 ? 'sla.directory names no folder with agreements: docs/sla.md' : `Partners: ${known.join(', ')}.`,
  });
}
