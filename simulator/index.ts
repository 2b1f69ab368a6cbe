/** The simulated operator: `createWorld`, then `history` and `live` yield files, `demoScenarios` says what goes wrong. */
export type { UsageEvent } from './event.ts';
export type { Draft, UsageFeed } from './feed.ts';
export { feedsOf, usageFeeds } from './feeds.ts';
export { type FileTotals, type LineFigures, type SimulatedFile, textOf, totalsOf, worthOf } from './file.ts';
export { extensionOf, type NativeFormat, nativeFormats, nativeText } from './native.ts';
export {
  demoHistory,
  demoLead,
  demoSpeed,
  demoStep,
  eventTimeAt,
  type HistoryOptions,
  history,
  type LiveOptions,
  live,
  type Pace,
} from './operate.ts';
export { referenceFiles } from './reference.ts';
export { type Run, type RunOptions, startRun } from './run.ts';
export type { Injection, Onset, Scenario, TrueCause, Truth } from './scenario.ts';
export { ponOutage } from './scenarios/access.ts';
export { demoScenarios } from './scenarios/demo.ts';
export {
  duplicatedRecords,
  type FileMoment,
  lateFile,
  missingFile,
  replayedFile,
  silentFeed,
  truncatedFile,
} from './scenarios/files.ts';
export { leakTypes } from './scenarios/leaks/index.ts';
export type { LeakType, Site } from './scenarios/leaks/leak.ts';
export { type LeakOptions, leakScenarios } from './scenarios/leaks/plan.ts';
export { campaign, clockChange, type LookAlikeOptions, lookAlikes, nodeSwap, planMigration, siteOutage } from './scenarios/look-alikes.ts';
export { suspenseBurst } from './scenarios/records.ts';
export { type ServicePlan, type ServicePlanOptions, serviceFaults, servicePlan } from './scenarios/service-plan.ts';
export { messageSurge, partnerDrop, quietDay } from './scenarios/traffic.ts';
export { feedSettings } from './settings.ts';
export { createWorld, defaultWorld, type Subscriber, type World, type WorldOptions } from './world.ts';
