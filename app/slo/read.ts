/** Objectives out of the folder of the settings, or of any file: read once, checked whole. */
import { createHash } from 'node:crypto';
import type { Settings } from '../../core/settings/index.ts';
import { type Objective, readOpenSlo } from '../../detectors/service/slo/index.ts';
import { besideFile, type FileProblem, readDocuments, yamlFiles } from '../files/documents.ts';
import type { KpiPort } from './kpi-port.ts';

export interface ReadObjectives {
  readonly objectives: readonly Objective[];
  readonly problems: readonly FileProblem[];
  /** Files that were read. */
  readonly files: readonly string[];
}

/**
 * The objectives of a file or folder. A document with a problem gives none, the others do.
 * @throws WeirError config_unreadable when there is no such file or folder
 */
export function readObjectives(path: string, settings: Pick<Settings, 'timeZone'>, kpis: KpiPort): ReadObjectives {
  const files = yamlFiles(path);
  const { documents, problems } = readDocuments(files);
  const read = documents.map((document) => ({ value: document.value, file: document.file }));
  const { objectives, problems: found } = readOpenSlo(read, {
    timeZone: settings.timeZone,
    kpi: (name) => kpis.facts(name),
    kpis: kpis.names,
    queryFile: (file, from) => besideFile(from, file),
  });
  return {
    files,
    objectives,
    problems: [
      ...problems,
      ...found.map(({ document, path: at, message, hint }) => ({ place: documents[document]?.placeOf(at) ?? path, message, hint })),
    ],
  };
}

/** The objectives of the settings; none where no folder is named. */
export function settingsObjectives(settings: Pick<Settings, 'timeZone' | 'slo'>, kpis: KpiPort): ReadObjectives {
  if (settings.slo.directory === '') return { objectives: [], problems: [], files: [] };
  return readObjectives(settings.slo.directory, settings, kpis);
}

/** What is counted, as a hash: slices of another query, KPI or length are another series. */
export function sourceHash({ source, sliceMs, compare }: Objective): string {
  return createHash('sha256')
    .update(JSON.stringify([source, sliceMs, compare ?? null]))
    .digest('hex')
    .slice(0, 16);
}
