/** Where it is: cells and sites on a map by state, and what stands behind what. */
import { MapLayerOptionsBuilder } from '@grafana/grafana-foundation-sdk/common';
import { FieldColorBuilder, FieldColorModeId, ThresholdsConfigBuilder, ThresholdsMode } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as Geomap, MapViewConfigBuilder } from '@grafana/grafana-foundation-sdk/geomap';
import { PanelBuilder as NodeGraph } from '@grafana/grafana-foundation-sdk/nodegraph';
import type { Board } from './kit/board.ts';
import { bars, colours, stat, table } from './kit/panel.ts';
import { datasource, sql, target } from './kit/query.ts';

/** Records of each cell in the range, and those of the same time a week before. */
const cells = `SELECT c.cell AS cell, any(c.site) AS site, any(c.rat) AS rat, any(c.latitude) AS latitude, any(c.longitude) AS longitude,
    any(u.now) AS now, any(u.before) AS before, if(before = 0, NULL, now / before) AS ratio
FROM cells_current AS c
LEFT JOIN (SELECT cell, sumIf(records, $__timeFilter(minute)) AS now, sumIf(records, NOT $__timeFilter(minute)) AS before FROM usage_minute
    WHERE leg = 'switch' AND ($__timeFilter(minute) OR $__timeFilter(minute + INTERVAL 7 DAY)) GROUP BY cell) AS u ON u.cell = c.cell
WHERE c.latitude != 0 OR c.longitude != 0
GROUP BY cell`;

/** Edges of the topology without single customers. */
const edges = `SELECT parent_type, parent, child_type, child FROM topology_edges_current
WHERE (toUnixTimestamp(valid_to) = 0 OR valid_to > now()) AND child_type NOT IN ('customer', 'subscription', 'ont', 'cpe') LIMIT 400`;

const state = `if(has((SELECT groupArray(element) FROM (SELECT arrayJoin(mapValues(JSONExtract(body, 'finding', 'scope', 'Map(String, String)'))) AS element
    FROM incident_latest WHERE state NOT IN ('resolved', 'closed'))), name), 1, 0)`;

export const nodesSql = `SELECT concat(type, ':', name) AS id, name AS title, type AS subtitle, children AS mainstat, failed AS arc__failed, 1 - failed AS arc__well
FROM (SELECT type, name, sum(behind) AS children, ${state} AS failed
    FROM (SELECT parent_type AS type, parent AS name, 1 AS behind FROM (${edges}) UNION ALL SELECT child_type, child, 0 FROM (${edges}))
    GROUP BY type, name) LIMIT 400`;
export const edgesSql = `SELECT concat(parent_type, ':', parent, '>', child_type, ':', child) AS id, concat(parent_type, ':', parent) AS source, concat(child_type, ':', child) AS target FROM (${edges})`;

const map = new Geomap()
  .title('Cells against a week ago')
  .description(
    'Records of each cell in the range / those of the same time a week before. Green is as usual, orange below half, red below a tenth. Many red ones side by side are a site or its power.',
  )
  .unit('percentunit')
  .noValue('no cell has coordinates')
  .datasource(datasource)
  .withTarget(target(sql(cells)))
  .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
  .thresholds(
    new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([
      { value: null, color: colours.bad },
      { value: 0.1, color: colours.warning },
      { value: 0.5, color: colours.well },
    ]),
  )
  .view(new MapViewConfigBuilder().id('fit').allLayers(true))
  .layers([
    new MapLayerOptionsBuilder()
      .type('markers')
      .name('Cells')
      .tooltip(true)
      .config({
        showLegend: true,
        style: {
          color: { field: 'ratio', fixed: colours.neutral },
          opacity: 0.8,
          size: { field: 'now', min: 5, max: 16, fixed: 6 },
          symbol: { fixed: 'img/icons/marker/circle.svg', mode: 'fixed' },
        },
      }),
  ]);

const graph = new NodeGraph()
  .title('What stands behind what')
  .description(
    'The topology without single customers. A red ring: an open incident names the element. The figure is how many elements stand right behind it.',
  )
  .unit('none')
  .noValue('no topology is loaded')
  .datasource(datasource)
  .withTarget(target(sql(nodesSql), 0))
  .withTarget(target(sql(edgesSql), 1))
  .overrideByName('arc__failed', [{ id: 'color', value: { mode: 'fixed', fixedColor: colours.bad } }])
  .overrideByName('arc__well', [{ id: 'color', value: { mode: 'fixed', fixedColor: colours.well } }]);

export const networkMap: Board = {
  uid: 'weir-network',
  title: 'Weir: network map',
  description: 'Cells on a map by their state, the topology as a graph, and the elements with open incidents.',
  from: 'now-6h',
  rows: [
    {
      height: 4,
      panels: [
        [
          6,
          stat({
            title: 'Cells with traffic',
            description: 'Cells that carried a record in the range.',
            unit: 'short',
            queries: [sql("SELECT uniqIf(cell, cell != '') AS value FROM usage_minute WHERE $__timeFilter(minute)")],
            thresholds: [colours.warning, [1, colours.neutral]],
          }),
        ],
        [
          6,
          stat({
            title: 'Cells that fell silent',
            description: 'Known cells without a record in the range that had some at the same time a week before.',
            unit: 'short',
            queries: [sql(`SELECT countIf(now = 0 AND before > 0) AS value FROM (${cells})`)],
            thresholds: [colours.well, [1, colours.warning], [10, colours.bad]],
          }),
        ],
        [
          6,
          stat({
            title: 'Elements in the topology',
            description: 'Different elements that stand in the topology now.',
            unit: 'short',
            queries: [
              sql(
                'SELECT uniqExact(element) AS value FROM (SELECT arrayJoin([(parent_type, parent), (child_type, child)]) AS element FROM topology_edges_current WHERE toUnixTimestamp(valid_to) = 0 OR valid_to > now())',
              ),
            ],
            thresholds: [colours.warning, [1, colours.neutral]],
          }),
        ],
        [
          6,
          stat({
            title: 'Open incidents of service',
            description: 'Open incidents of category service: what customers notice.',
            unit: 'none',
            queries: [sql("SELECT countIf(category = 'service') AS value FROM incident_latest WHERE state NOT IN ('resolved', 'closed')")],
            thresholds: [colours.well, [1, colours.warning], [5, colours.bad]],
          }),
        ],
      ],
    },
    {
      height: 14,
      panels: [
        [12, map],
        [12, graph],
      ],
    },
    {
      height: 9,
      panels: [
        [
          16,
          table({
            title: 'Cells',
            description: 'The cells that fell most against a week ago first.',
            unit: 'none',
            noValue: 'no cell has coordinates',
            queries: [sql(`SELECT cell, site, rat, now, before, ratio FROM (${cells}) ORDER BY ifNull(ratio, 2), before DESC LIMIT 200`)],
            columns: [
              {
                name: 'ratio',
                title: 'of a week ago',
                unit: 'percentunit',
                thresholds: [colours.bad, [0.1, colours.warning], [0.5, colours.well]],
              },
            ],
          }),
        ],
        [
          8,
          bars({
            title: 'Elements by type',
            description: 'Elements of the topology by type.',
            unit: 'short',
            queries: [
              sql(
                'SELECT type, uniqExact(name) AS value FROM (SELECT arrayJoin([(parent_type, parent), (child_type, child)]) AS element, element.1 AS type, element.2 AS name FROM topology_edges_current) GROUP BY type ORDER BY value DESC LIMIT 20',
              ),
            ],
          }),
        ],
      ],
    },
  ],
};
