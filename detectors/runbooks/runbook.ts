/** What a person does when a control speaks: steps to prove it and to get the money back. */
export interface Runbook {
  /** Class of the amounts, how they are computed, whether they are estimates. */
  readonly money: string;
  readonly prove: readonly string[];
  readonly recover: readonly string[];
  /** Standards and publications. */
  readonly sources?: readonly string[];
}
