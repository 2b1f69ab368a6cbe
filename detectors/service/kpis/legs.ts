/** From which legs KPIs over usage are read. */

/** Legs that see every attempt, the nearest to the network first: the usual choice for what calls and messages do. */
export const networkLegs: readonly string[] = ['switch', 'mediation', 'ocs', 'mno_wholesale', 'rating', 'billing'];

/** The same for data sessions. */
export const sessionLegs: readonly string[] = ['switch', 'aaa', 'mediation', 'ocs', 'mno_wholesale', 'rating', 'billing'];

/** All legs together: what is about the records and not about the calls. */
export const everyLeg: readonly string[] = ['*'];
