/** `weir report …`: what goes to people outside of the system, as a table, JSON or files. */
import type { AddCommand } from '../command.ts';
import { addDispute } from './report/dispute.ts';
import { addFirstSeen } from './report/first-seen.ts';
import { addIncidentReports } from './report/incident.ts';
import { addRevenue } from './report/revenue.ts';
import { addServiceReports } from './report/service.ts';
import { addSlaReport } from './report/sla.ts';

export const addReport: AddCommand = (program, exit) => {
  const report = program.command('report').description('reports to read, to send or to file');
  addRevenue(report, exit);
  addDispute(report, exit);
  addServiceReports(report, exit);
  addSlaReport(report, exit);
  addFirstSeen(report, exit);
  addIncidentReports(report, exit);
};
