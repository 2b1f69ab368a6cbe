/** Partners, nodes, cells and the access network: what stands where. */
import { draws, integer, keyOf, uniform } from './random.ts';

export interface Partner {
  readonly partner: string;
  readonly name: string;
  readonly kind: 'mno' | 'carrier' | 'roaming';
  /** Serving network of a host or roaming partner; empty for a carrier. */
  readonly network: string;
  readonly routes: readonly string[];
  readonly rounding: string;
}

export const host: Partner = {
  partner: 'host-mno',
  name: 'Host Mobile',
  kind: 'mno',
  network: '999-71',
  routes: ['TG-HOST-1'],
  rounding: '1/1',
};

export const carriers: readonly Partner[] = [
  { partner: 'alder-carrier', name: 'Alder Carrier', kind: 'carrier', network: '', routes: ['TG-ALD-1', 'TG-ALD-2'], rounding: '1/1' },
  { partner: 'beacon-telecom', name: 'Beacon Telecom', kind: 'carrier', network: '', routes: ['TG-BEA-1'], rounding: '1/1' },
  { partner: 'orbit-transit', name: 'Orbit Transit', kind: 'carrier', network: '', routes: ['TG-ORB-1', 'TG-ORB-2'], rounding: '60/60' },
];

export const roamingPartners: readonly Partner[] = [
  { partner: 'roam-north', name: 'Northern Mobile', kind: 'roaming', network: '999-81', routes: [], rounding: '1/1' },
  { partner: 'roam-south', name: 'Southern Mobile', kind: 'roaming', network: '999-82', routes: [], rounding: '60/60' },
];

export const partners: readonly Partner[] = [host, ...carriers, ...roamingPartners];

export interface Cell {
  readonly cell: string;
  readonly site: string;
  readonly zone: string;
  readonly rat: '4g' | '5g' | '3g';
  /** Switch that serves it. */
  readonly node: 'msc-1' | 'msc-2';
  readonly latitude: number;
  readonly longitude: number;
}

const areas = ['north', 'east', 'south', 'west'] as const;

/** Three cells a site, areas north and east on the first switch. The coordinates lie in the open sea. */
export function makeCells(seed: number, count: number): readonly Cell[] {
  return Array.from({ length: count }, (_, index) => {
    const site = Math.floor(index / 3);
    const from = draws(keyOf(seed, 0x43454c, site));
    const area = areas[site % areas.length]!;
    return {
      cell: `99971-${100 + (site % areas.length)}-${1000 + index}`,
      site: `site-${`${site + 1}`.padStart(3, '0')}`,
      zone: area,
      rat: index % 3 === 2 ? '5g' : uniform(from) < 0.1 ? '3g' : '4g',
      node: site % areas.length < 2 ? 'msc-1' : 'msc-2',
      latitude: Math.round((30 + uniform(from)) * 1e4) / 1e4,
      longitude: Math.round((-45 + uniform(from)) * 1e4) / 1e4,
    };
  });
}

/** Passive optical tree: one port of an OLT and the ONTs behind it. */
export interface Pon {
  readonly olt: string;
  readonly pon: string;
  readonly site: string;
  readonly onts: readonly Ont[];
}

export interface Ont {
  readonly ont: string;
  readonly model: string;
  readonly firmware: string;
  /** Normal optical level at the customer, dBm. */
  readonly rxPowerDbm: number;
}

const ontModels = [
  { model: 'ONT-G1', firmware: '1.8.2' },
  { model: 'ONT-G1', firmware: '1.9.0' },
  { model: 'ONT-X2', firmware: '3.1.4' },
] as const;

/** OLT > PON > ONT, eight PONs to an OLT. */
export function makeAccess(seed: number, pons: number, ontsPerPon: number): readonly Pon[] {
  return Array.from({ length: pons }, (_, index) => {
    const olt = `olt-${Math.floor(index / 8) + 1}`;
    const pon = `${olt}/${(index % 8) + 1}`;
    return {
      olt,
      pon,
      site: `site-${`${Math.floor(index / 8) + 1}`.padStart(3, '0')}`,
      onts: Array.from({ length: ontsPerPon }, (_, place) => {
        const from = draws(keyOf(seed, 0x4f4e54, index, place));
        return { ont: `${pon}/${place + 1}`, ...ontModels[integer(from, ontModels.length)]!, rxPowerDbm: -17 - 7 * uniform(from) };
      }),
    };
  });
}
