/**
 * RATER: the five dimensions of service quality of SERVQUAL (Parasuraman, Zeithaml, Berry, 1988) as tags of KPIs, controls and detectors, for reports. They sort;
 * nothing is computed from them.
 */
export type Rater =
  /** What was promised works. */
  | 'reliability'
  /** What one trusts in: bills, records, security. */
  | 'assurance'
  /** What one has in the hand: devices, coverage. */
  | 'tangibles'
  /** What customers had to say themselves. */
  | 'empathy'
  /** How fast it answers, and how fast we do. */
  | 'responsiveness';

export const raters: readonly Rater[] = ['reliability', 'assurance', 'tangibles', 'empathy', 'responsiveness'];
