/** `docs/kpis.md`: the KPI catalogue: index, how figures are made, and a section for each KPI. */
import { defaultCauses } from '../../core/causes.ts';
import { everyLeg, type KpiDefinition, kpis } from '../../detectors/service/kpis/index.ts';
import { kpiText } from '../../detectors/service/kpis/text.ts';
import { anchorOf, code, madeFrom, markdownTable } from './markdown.ts';

const introduction = `Service KPIs by the formulas of the field, over the rollups: \`npx weir kpis\`, \`npx weir kpis NAME --by partner --step 3600\`, \`GET /api/v1/kpis\` and
\`GET /api/v1/kpis/NAME\`. One query answers all KPIs of its table in one scan; it stands in \`sql/queries/\`.
\`npx weir kpis --by all\` computes every KPI by each of its dimensions and shows what is poor: one scan of each table and service, by the queries \`kpi-every-*\`, which give the same figures as
the queries named below (a test compares them all). [What it takes](benchmarks.md#all-kpis-of-one-minute).

- A KPI has a value only when there is enough behind it. \`no_data\`: no traffic at all. \`too_few\`: less than the minimum volume. Neither is 0.
- What several legs tell of one call is never added up: a KPI of usage is read from the best leg that has records (\`--leg\` chooses another one).
- Ratios lie between 0 and 1. Their \`events\` and \`volume\` are the numerator and the denominator: good events where more is better, bad ones where less is.
- Limits are the usual ones, with who says so; your own objectives are for you to set. What is to be judged against its own past (\`steady\`) has none.
- Quantiles of call and message delays come from steps of a quarter of an octave and are within 9 %.
- Before the upgrade that brought \`quality_minute\` and \`measurement_minute\` there is nothing in them: KPIs over them begin then.
- Running counters are not read here: levels and counts of a period are (\`instrument\` other than \`counter\`, and uptime). What a counter grew by takes the reading before, which may be long ago, and
  \`measurements\` is in order of metric and device: one minute of all interfaces would mean the whole history of their counters. A share of the capacity would also take the speed of the interface,
  which is no reading. So the collector gives \`utilisation_percent\`, \`packets\` and \`packet_errors\` of its period; errors out of running counters, wrap and restart told apart, are judged for
  each interface against its own past by [\`interface_errors\`](telemetry.md), with \`counter-errors\` and \`counter-deltas\` as its evidence.`;

const raterText = `Each KPI carries one of the five dimensions in which customers judge a service (SERVQUAL, RATER): *reliability* (it works), *assurance* (it stays repaired, and what is billed is right), *tangibles* (devices),
*empathy* (the customer is told first) and *responsiveness* (it is quick).`;

const causesText = `What a release cause means decides NER, CSSR, the drop rate and retainability. As shipped it is what the recommendations say, below. Partners rewrite causes; a row of the reference kind
\`cause_mapping\` says otherwise, for one partner or (partner empty) for all, from \`valid_from\` on:

\`\`\`csv
partner,scheme,value,cause_class,name,valid_from
beacon-telecom,q850,31,network,Normal unspecified (they send it for everything),2026-11-01T00:00:00Z
,q850,1,network,Unallocated number counts against us by contract,2026-11-01T00:00:00Z
\`\`\`

Schemes are \`q850\`, \`sip\` and \`radius\` (terminate causes, also by their names in \`final_status\`). Classes: \`normal\`, \`user\`, \`network\`, \`congestion\`, \`interworking\`, \`unknown\`. The class is set when a record comes in: a mapping
holds for what comes from then on. What holds now: \`npx weir kpis causes --partner beacon-telecom\`, \`GET /api/v1/causes?partner=beacon-telecom\`.`;

function source({ legs, services, metrics, query }: KpiDefinition): string {
  const parts = [
    ...(services.length > 0 ? [`service ${services.map(code).join(', ')}`] : []),
    ...(legs === everyLeg ? ['all legs'] : legs.length > 0 ? [`legs ${legs.map(code).join(', ')}, the first that has records`] : []),
    ...(metrics.length > 0 ? [`metrics ${metrics.map(code).join(', ')}`] : []),
  ];
  return [`query \`sql/queries/${query}.sql\``, ...parts].join('; ');
}

function section(kpi: KpiDefinition): string {
  const facts = [
    `- Name \`${kpi.name}\`; unit ${kpi.unit}; ${{ higher: 'more is better', lower: 'less is better', steady: 'judged against its own past' }[kpi.better]}; RATER ${kpi.rater}`,
    `- Standard: ${kpi.standard}${kpi.alias ? `. Near to it: ${kpi.alias}` : ''}`,
    `- Cut by ${kpi.dimensions.map(code).join(', ')}; from ${kpi.minimum} ${kpi.volume} on`,
    `- Read from ${source(kpi)}`,
  ];
  const limits = kpi.limits.map(({ level, value, source: who }) => [level, kpiText(kpi, value), who]);
  return [
    `### ${kpi.title}`,
    facts.join('\n'),
    `**What it means.** ${kpi.meaning}`,
    `**Formula.** ${kpi.formula}`,
    ...(limits.length > 0 ? [markdownTable(['Limit', 'Value', 'Who says so'], limits)] : []),
    `**Runbook.**\n\n${kpi.runbook.map((step, at) => `${at + 1}. ${step}`).join('\n')}`,
  ].join('\n\n');
}

const groups: Readonly<Record<KpiDefinition['group'], string>> = {
  voice: 'Voice',
  sms: 'Messages',
  data: 'Data',
  roaming: 'Roaming',
  access: 'Access and devices',
  records: 'Usage records',
  orders: 'Orders',
  incidents: 'Incidents',
};

export function kpisPage(): string {
  const limit = (kpi: KpiDefinition, level: string): string => {
    const found = kpi.limits.find((each) => each.level === level);
    return found ? kpiText(kpi, found.value) : '';
  };
  const index = kpis.map((kpi) => [
    `[${code(kpi.name)}](#${anchorOf(kpi.title)})`,
    kpi.title,
    kpi.unit,
    limit(kpi, 'good'),
    limit(kpi, 'poor'),
    kpi.rater,
  ]);
  const sections = Object.entries(groups).flatMap(([group, title]) => {
    const own = kpis.filter((kpi) => kpi.group === group);
    return [`## ${title}`, ...own.map(section)];
  });
  return `${[
    '# Service KPIs',
    madeFrom('`detectors/service/kpis/` and `core/causes.ts`'),
    introduction,
    markdownTable(['Name', 'KPI', 'Unit', 'Good from', 'Poor from', 'RATER'], index),
    raterText,
    '## Causes',
    causesText,
    markdownTable(
      ['Scheme', 'Value', 'Name', 'Class', 'Source'],
      defaultCauses.map(({ scheme, value, name, causeClass, source: who }) => [scheme, String(value), name, causeClass, who]),
    ),
    ...sections,
  ].join('\n\n')}\n`;
}
