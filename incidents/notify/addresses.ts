/**
 * Which addresses may be connected to. Targets of the operator's own settings may be anywhere: ticket systems live in private networks. What somebody
 * registered over HTTP may be public only, or Weir would ask the metadata service of the cloud or the router next door for whoever asks. The
 * address that was checked is the one that is connected to: a name that resolves differently the second time gains nothing.
 */
import { type LookupAddress, type LookupOptions, lookup as resolve } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** From where on the internet: anywhere, or public addresses only. */
export type Reach = 'any' | 'public';

/** IANA special-purpose registries (RFC 6890 and its updates): everything that is not globally reachable. */
const special = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  special.addSubnet(net, bits, 'ipv4');
/** Of IPv6 only global unicast is public, less what stands for IPv4 addresses, for documentation and for tunnels. */
const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');
for (const [net, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  special.addSubnet(net, bits, 'ipv6');

/**
 * Whether an address is reachable from everywhere, as far as its registry says.
 * @example isPublic('9.9.9.9') // true
 * @example isPublic('169.254.169.254') // false
 * @example isPublic('::ffff:10.0.0.1') // false
 */
export function isPublic(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !special.check(address, 'ipv4');
  return family === 6 && globalUnicast.check(address, 'ipv6') && !special.check(address, 'ipv6');
}

/** An error of the network, said by its code alone. */
export class AddressRefused extends Error {
  readonly code = 'ADDRESS_NOT_PUBLIC';
}

export type Resolver = (
  name: string,
  options: LookupOptions & { all: true },
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * The look-up of names for `net.connect`: refuses a name of which any address is not public. An address in place of a name is never looked up by Node:
 * {@link refusesHost} is for that.
 */
export function publicLookup(resolver: Resolver = resolve as Resolver): LookupFunction {
  return (name, options, done) => {
    resolver(name, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, '', 0);
      const [first] = addresses;
      if (first === undefined || addresses.some(({ address }) => !isPublic(address))) return done(new AddressRefused(), '', 0);
      if (options.all) return done(null, addresses);
      done(null, first.address, first.family);
    });
  };
}

/**
 * Whether an address that stands in a URL itself is refused.
 * @example refusesHost('[::1]') // true
 * @example refusesHost('a.example') // false
 */
export function refusesHost(hostname: string): boolean {
  const bare = hostname.replace(/^\[|\]$/g, '');
  return isIP(bare) !== 0 && !isPublic(bare);
}
