/**
 * What a release cause means where no row of the operator says otherwise: ITU-T Q.850 (05/2018) cause values by the class in which the recommendation
 * places them, SIP final responses by RFC 3261 and their mapping to Q.850 in RFC 3398, RADIUS terminate causes by RFC 2866 clause 5.10.
 */

export type CauseClass = 'normal' | 'user' | 'network' | 'congestion' | 'interworking' | 'unknown';

/** `radius`: how a data session ended. */
export type CauseScheme = 'q850' | 'sip' | 'radius';

/** What one value of a scheme means. */
export interface CauseMeaning {
  readonly scheme: CauseScheme;
  readonly value: number;
  readonly name: string;
  readonly causeClass: string;
  /** A recommendation, or "reference data" with the partner that it holds for. */
  readonly source: string;
}

/** A row of the table `causes`: what the operator says. */
export interface CauseStatement {
  /** Empty = all partners. */
  readonly partner: string;
  readonly scheme: string;
  readonly value: number | string;
  readonly cause_class: string;
  readonly name?: string;
  readonly valid_from?: string;
}

type Row = readonly [value: number, causeClass: CauseClass, name: string];

// user: what the parties did: busy, no answer, rejected, wrong or unallocated number
const q850: readonly Row[] = [
  [1, 'user', 'Unallocated (unassigned) number'],
  [2, 'network', 'No route to specified transit network'],
  [3, 'network', 'No route to destination'],
  [5, 'network', 'Misdialled trunk prefix'],
  [6, 'network', 'Channel unacceptable'],
  [7, 'network', 'Call awarded, being delivered in an established channel'],
  [8, 'network', 'Preemption'],
  [9, 'network', 'Preemption, circuit reserved for reuse'],
  [14, 'network', 'QoR: ported number'],
  [16, 'normal', 'Normal call clearing'],
  [17, 'user', 'User busy'],
  [18, 'user', 'No user responding'],
  [19, 'user', 'No answer from user'],
  [20, 'user', 'Subscriber absent'],
  [21, 'user', 'Call rejected'],
  [22, 'user', 'Number changed'],
  [25, 'network', 'Exchange routing error'],
  [26, 'normal', 'Non-selected user clearing'],
  [27, 'network', 'Destination out of order'],
  [28, 'user', 'Invalid number format'],
  [29, 'user', 'Facility rejected'],
  [30, 'normal', 'Response to STATUS ENQUIRY'],
  [31, 'normal', 'Normal, unspecified'],
  [34, 'congestion', 'No circuit or channel available'],
  [38, 'network', 'Network out of order'],
  [39, 'network', 'Permanent frame mode connection out of service'],
  [40, 'network', 'Permanent frame mode connection operational'],
  [41, 'network', 'Temporary failure'],
  [42, 'congestion', 'Switching equipment congestion'],
  [43, 'network', 'Access information discarded'],
  [44, 'congestion', 'Requested circuit or channel not available'],
  [46, 'network', 'Precedence call blocked'],
  [47, 'congestion', 'Resource unavailable, unspecified'],
  [49, 'congestion', 'Quality of service unavailable'],
  [50, 'user', 'Requested facility not subscribed'],
  [52, 'user', 'Outgoing calls barred'],
  [53, 'network', 'Outgoing calls barred within CUG'],
  [54, 'user', 'Incoming calls barred'],
  [55, 'user', 'Incoming calls barred within CUG'],
  [57, 'user', 'Bearer capability not authorized'],
  [58, 'network', 'Bearer capability not presently available'],
  [62, 'network', 'Inconsistency in outgoing access information'],
  [63, 'network', 'Service or option not available, unspecified'],
  [65, 'interworking', 'Bearer capability not implemented'],
  [66, 'interworking', 'Channel type not implemented'],
  [69, 'interworking', 'Requested facility not implemented'],
  [70, 'interworking', 'Only restricted digital information'],
  [79, 'interworking', 'Service or option not implemented'],
  [81, 'interworking', 'Invalid call reference value'],
  [82, 'interworking', 'Identified channel does not exist'],
  [83, 'interworking', 'Suspended call with another identity'],
  [84, 'interworking', 'Call identity in use'],
  [85, 'interworking', 'No call suspended'],
  [86, 'interworking', 'Call has been cleared'],
  [87, 'interworking', 'User not member of CUG'],
  [88, 'interworking', 'Incompatible destination'],
  [90, 'interworking', 'Non-existent CUG'],
  [91, 'interworking', 'Invalid transit network selection'],
  [95, 'interworking', 'Invalid message, unspecified'],
  [96, 'interworking', 'Mandatory information element missing'],
  [97, 'interworking', 'Message type not implemented'],
  [98, 'interworking', 'Message not compatible with call state'],
  [99, 'interworking', 'Information element not implemented'],
  [100, 'interworking', 'Invalid information element contents'],
  [101, 'interworking', 'Message not compatible with call state'],
  [102, 'interworking', 'Recovery on timer expiry'],
  [103, 'interworking', 'Parameter not implemented, passed on'],
  [110, 'interworking', 'Message with unrecognized parameter discarded'],
  [111, 'interworking', 'Protocol error, unspecified'],
  [127, 'interworking', 'Interworking, unspecified'],
];

const sip: readonly Row[] = [
  [200, 'normal', 'OK'],
  [202, 'normal', 'Accepted'],
  [204, 'normal', 'No Notification'],
  [401, 'network', 'Unauthorized'],
  [402, 'network', 'Payment Required'],
  [403, 'user', 'Forbidden'],
  [404, 'user', 'Not Found'],
  [407, 'network', 'Proxy Authentication Required'],
  [408, 'user', 'Request Timeout'],
  [410, 'user', 'Gone'],
  [416, 'user', 'Unsupported URI Scheme'],
  [423, 'network', 'Interval Too Brief'],
  [429, 'congestion', 'Provide Referrer Identity'],
  [430, 'network', 'Flow Failed'],
  [433, 'network', 'Anonymity Disallowed'],
  [480, 'user', 'Temporarily Unavailable'],
  [481, 'network', 'Call Does Not Exist'],
  [482, 'network', 'Loop Detected'],
  [483, 'network', 'Too Many Hops'],
  [484, 'user', 'Address Incomplete'],
  [485, 'user', 'Ambiguous'],
  [486, 'user', 'Busy Here'],
  [487, 'user', 'Request Terminated'],
  [489, 'network', 'Bad Event'],
  [491, 'network', 'Request Pending'],
  [500, 'network', 'Server Internal Error'],
  [502, 'network', 'Bad Gateway'],
  [503, 'congestion', 'Service Unavailable'],
  [504, 'network', 'Server Time-out'],
  [600, 'user', 'Busy Everywhere'],
  [603, 'user', 'Decline'],
  [604, 'user', 'Does Not Exist Anywhere'],
  [607, 'user', 'Unwanted'],
  [608, 'user', 'Rejected'],
];

// Lost-Carrier: the line or the device of the customer went away; as often switched off as broken.
const radius: readonly Row[] = [
  [1, 'normal', 'User-Request'],
  [2, 'network', 'Lost-Carrier'],
  [3, 'network', 'Lost-Service'],
  [4, 'normal', 'Idle-Timeout'],
  [5, 'normal', 'Session-Timeout'],
  [6, 'normal', 'Admin-Reset'],
  [7, 'network', 'Admin-Reboot'],
  [8, 'network', 'Port-Error'],
  [9, 'network', 'NAS-Error'],
  [10, 'network', 'NAS-Request'],
  [11, 'network', 'NAS-Reboot'],
  [12, 'normal', 'Port-Unneeded'],
  [13, 'congestion', 'Port-Preempted'],
  [14, 'normal', 'Port-Suspended'],
  [15, 'network', 'Service-Unavailable'],
  [16, 'normal', 'Callback'],
  [17, 'user', 'User-Error'],
  [18, 'normal', 'Host-Request'],
];

const meanings = (scheme: CauseScheme, source: string, rows: readonly Row[]): CauseMeaning[] =>
  rows.map(([value, causeClass, name]) => ({ scheme, value, name, causeClass, source }));

/** Every value that the recommendations class, by scheme and value. */
export const defaultCauses: readonly CauseMeaning[] = [
  ...meanings('q850', 'ITU-T Q.850', q850),
  ...meanings('sip', 'RFC 3261, RFC 3398', sip),
  ...meanings('radius', 'RFC 2866', radius),
];

/**
 * What every known cause means for a partner: as shipped, over that what the operator says for all, over that what it says for the partner. Of two
 * statements on the same value the later `valid_from` holds.
 * @param statements those that hold now
 * @example causesFor([{ partner: 'p', scheme: 'q850', value: 31, cause_class: 'network' }], 'p').find(({ value }) => value === 31)?.causeClass // 'network'
 */
export function causesFor(statements: readonly CauseStatement[], partner: string): readonly CauseMeaning[] {
  const found = new Map(defaultCauses.map((meaning) => [`${meaning.scheme} ${meaning.value}`, meaning]));
  const rank = (statement: CauseStatement): number => (statement.partner === '' ? 0 : 1);
  const own = statements
    .filter((statement) => statement.partner === '' || statement.partner === partner)
    .toSorted((one, other) => rank(one) - rank(other) || compare(one.valid_from ?? '', other.valid_from ?? ''));
  for (const statement of own) {
    const { scheme, cause_class: causeClass } = statement;
    if (scheme !== 'q850' && scheme !== 'sip' && scheme !== 'radius') continue;
    const value = Number(statement.value);
    const key = `${scheme} ${value}`;
    const name = statement.name || found.get(key)?.name || '';
    const source = statement.partner === '' ? 'reference data, all partners' : `reference data, ${statement.partner}`;
    found.set(key, { scheme, value, name, causeClass, source });
  }
  const order = ['q850', 'sip', 'radius'];
  return [...found.values()].sort((one, other) => order.indexOf(one.scheme) - order.indexOf(other.scheme) || one.value - other.value);
}

const compare = (one: string, other: string): number => (one === other ? 0 : one < other ? -1 : 1);
