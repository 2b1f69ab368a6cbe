/** All commands, in the order in which the help lists them. */
import type { AddCommand } from '../command.ts';
import { addAccounting } from './accounting.ts';
import { addBacktest } from './backtest.ts';
import { addControls } from './controls.ts';
import { addDeliveries } from './deliveries.ts';
import { addDoctor } from './doctor.ts';
import { addExperience } from './experience.ts';
import { addIncidents } from './incidents.ts';
import { addIngest } from './ingest.ts';
import { addKpis } from './kpis.ts';
import { addLifeCycle } from './life-cycle.ts';
import { addLogin } from './login.ts';
import { addMaintenance } from './maintenance.ts';
import { addPseudonym } from './pseudonym.ts';
import { addReconcile } from './reconcile.ts';
import { addRejects } from './rejects.ts';
import { addReport } from './report.ts';
import { addScore } from './score.ts';
import { addCheck, addConfig, addMigrate } from './settings.ts';
import { addSilences } from './silences.ts';
import { addSimulate } from './simulate.ts';
import { addSlo } from './slo.ts';
import { addSql } from './sql.ts';
import { addStart } from './start.ts';
import { addTargets } from './targets.ts';
import { addTopology } from './topology.ts';
import { addWebhooks } from './webhooks.ts';

export const commands: readonly AddCommand[] = [
  addStart,
  addIngest,
  addIncidents,
  addTargets,
  addWebhooks,
  addDeliveries,
  addControls,
  addKpis,
  addReconcile,
  addReport,
  addTopology,
  addSlo,
  addExperience,
  addLifeCycle,
  addMaintenance,
  addSilences,
  addAccounting,
  addRejects,
  addSql,
  addLogin,
  addPseudonym,
  addScore,
  addBacktest,
  addSimulate,
  addCheck,
  addConfig,
  addMigrate,
  addDoctor,
];
