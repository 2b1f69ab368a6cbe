/**
 * The E-model of ITU-T G.107 (06/2015): how well a telephone connection is understood, from its impairments, as transmission rating R and mean opinion
 * score. All of its parameters but delay, echo, codec and loss stay at the default values of clause 7.7, table 2.
 */

/** Speech codec: equipment impairment and how well it hides lost packets. */
export interface Codec {
  /** Equipment impairment Ie at no loss. */
  readonly ie: number;
  /** Packet-loss robustness Bpl. */
  readonly bpl: number;
}

/** Values of ITU-T G.113 (11/2007) appendix I, tables I.1 to I.4. */
export const codecs = {
  /** G.711 without concealment. */
  g711: { ie: 0, bpl: 4.3 },
  /** G.711 with the concealment of its appendix I: what today's gateways do. */
  g711plc: { ie: 0, bpl: 25.1 },
  /** G.729A with silence suppression. */
  g729a: { ie: 11, bpl: 19 },
  /** G.723.1 at 6.3 kbit/s with silence suppression. */
  g7231: { ie: 15, bpl: 16.1 },
  /** GSM enhanced full rate. */
  gsmEfr: { ie: 5, bpl: 10 },
} as const satisfies Record<string, Codec>;

/** What deviates from the default connection. */
export interface Connection {
  /** Absolute delay from mouth to ear Ta, ms. */
  readonly delayMs?: number;
  /** Mean delay of the echo path T, ms, one way; default: no echo, as with echo cancellers. */
  readonly echoDelayMs?: number;
  readonly codec?: Codec;
  /** Packet loss Ppl, percent. */
  readonly lossPercent?: number;
  /** Burst ratio: 1 = losses at random. */
  readonly burstRatio?: number;
  /** Advantage of access A: 5 within a building, 10 on the move, 20 where there is nothing else. */
  readonly advantage?: number;
}

// Table 2 of G.107: default values.
const slr = 8;
const rlr = 2;
const stmr = 15;
const lstr = 18;
const ds = 3;
const telr = 65;
const wepl = 110;
const qdu = 1;
const nc = -70;
const nfor = -64;
const ps = 35;
const pr = 35;
const olr = slr + rlr;

const decibels = (power: number): number => 10 * Math.log10(power);
const power = (level: number): number => 10 ** (level / 10);

/** Noise of circuit and rooms No, clause 7.2. */
function noise(): number {
  const nos = ps - slr - ds - 100 + 0.004 * (ps - olr - ds - 14) ** 2;
  const pre = pr + decibels(1 + power(10 - lstr));
  const nor = rlr - 121 + pre + 0.008 * (pre - 35) ** 2;
  return decibels(power(nc) + power(nos) + power(nor) + power(nfor + rlr));
}

/** Impairments that come with the voice Is, clause 7.3: loudness, side tone, quantising. */
function simultaneous(ro: number, no: number, echoDelayMs: number): number {
  const xolr = olr + 0.2 * (64 + no - rlr);
  const iolr = 20 * ((1 + (xolr / 8) ** 8) ** (1 / 8) - xolr / 8);
  const stmro = -decibels(power(-stmr) + Math.exp(-echoDelayMs / 4) * power(-telr));
  const ist =
    12 * (1 + ((stmro - 13) / 6) ** 8) ** (1 / 8) -
    28 * (1 + ((stmro + 1) / 19.4) ** 35) ** (1 / 35) -
    13 * (1 + ((stmro - 3) / 33) ** 13) ** (1 / 13) +
    29;
  const q = 37 - 15 * Math.log10(qdu);
  const g = 1.07 + 0.258 * q + 0.0602 * q ** 2;
  const y = (ro - 100) / 15 + 46 / 8.4 - g / 9;
  const z = 46 / 30 - g / 40;
  return iolr + ist + 15 * Math.log10(1 + 10 ** y + 10 ** z);
}

/** Impairments of talker and listener echo Idte + Idle, clause 7.4. */
function echo(ro: number, no: number, echoDelayMs: number): number {
  const terv = telr - 40 * Math.log10((1 + echoDelayMs / 10) / (1 + echoDelayMs / 150)) + 6 * Math.exp(-0.3 * echoDelayMs ** 2);
  const re = 80 + 2.5 * (terv - 14);
  const roe = -1.5 * (no - rlr);
  const talker = ((roe - re) / 2 + Math.sqrt((roe - re) ** 2 / 4 + 100) - 1) * (1 - Math.exp(-echoDelayMs));
  const rle = 10.5 * (wepl + 7) * (2 * echoDelayMs + 1) ** -0.25;
  const listener = (ro - rle) / 2 + Math.sqrt((ro - rle) ** 2 / 4 + 169);
  return talker + listener;
}

/**
 * Impairment of absolute delay Idd, clause 7.4, for default sensitivity (sT = 1, mT = 100 ms): 0 up to 100 ms, then
 * 25 ((1 + X^6)^(1/6) − 3 (1 + (X/3)^6)^(1/6) + 2) with X = log2(Ta / 100).
 * @example delayImpairment(100) // 0
 */
export function delayImpairment(delayMs: number): number {
  if (!(delayMs > 100)) return 0;
  const x = Math.log2(delayMs / 100);
  return 25 * ((1 + x ** 6) ** (1 / 6) - 3 * (1 + (x / 3) ** 6) ** (1 / 6) + 2);
}

/**
 * Impairment of codec and loss Ie,eff = Ie + (95 − Ie) · Ppl / (Ppl / BurstR + Bpl), clause 7.5.
 * @example lossImpairment({ ie: 11, bpl: 19 }, 0) // 11
 */
export function lossImpairment({ ie, bpl }: Codec, lossPercent: number, burstRatio = 1): number {
  if (!(lossPercent > 0)) return ie;
  return ie + ((95 - ie) * lossPercent) / (lossPercent / burstRatio + bpl);
}

/**
 * Transmission rating R = Ro − Is − Id − Ie,eff + A, clause 7.1. Ro = 15 − 1.5 (SLR + No).
 * @returns 93.2 for the default connection; below 0 where nothing is understood
 * @example Math.round(ratingOf({}) * 10) / 10 // 93.2
 */
export function ratingOf({
  delayMs = 0,
  echoDelayMs = 0,
  codec = codecs.g711,
  lossPercent = 0,
  burstRatio = 1,
  advantage = 0,
}: Connection): number {
  const no = noise();
  const ro = 15 - 1.5 * (slr + no);
  return (
    ro -
    simultaneous(ro, no, echoDelayMs) -
    echo(ro, no, echoDelayMs) -
    delayImpairment(delayMs) -
    lossImpairment(codec, lossPercent, burstRatio) +
    advantage
  );
}

/**
 * Mean opinion score of a rating, G.107 annex B: 1 + 0.035 R + R (R − 60) (100 − R) 7·10⁻⁶; 1 below 0, 4.5 from 100 on.
 * @example Math.round(mosOf(93.2) * 100) / 100 // 4.41
 */
export function mosOf(rating: number): number {
  if (!(rating > 0)) return 1;
  if (rating >= 100) return 4.5;
  // Below 6.5 the polynomial falls under 1, which a score cannot.
  return Math.max(1, 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6);
}
