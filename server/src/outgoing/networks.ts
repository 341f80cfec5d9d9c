/**
 * Where outgoing connections may lead. What a user typed in (a webhook, a provider's address) never reaches loopback,
 * link-local or private ranges, unless the operator allows the network (`REPOINT_ALLOWED_NETWORKS`).
 */
import { lookup as lookUpAddresses } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** The address of a connection lies in a network that is closed to what users type in. */
export class AddressRefused extends Error {
  constructor() {
    super('The address lies in a network that is not allowed (REPOINT_ALLOWED_NETWORKS).');
    this.name = 'AddressRefused';
  }
}

/** Loopback, private, link-local, shared, documentation, multicast and reserved ranges; IPv4 inside IPv6 as well. */
const closedRanges = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
  ...['192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
  ...[
    '224.0.0.0/4',
    '240.0.0.0/4',
    '::/96',
    '::ffff:0:0:0/96',
    '64:ff9b:1::/48',
    '100::/64',
    '2001::/23',
    '2001:db8::/32',
  ],
  ...['2002::/16', 'fc00::/7', 'fe80::/10', 'fec0::/10', 'ff00::/8'],
];

export class OutgoingNetworks {
  readonly #closed = listOf(closedRanges);
  readonly #allowed: BlockList;

  /** @param allowed addresses and CIDR ranges that the operator opens */
  constructor(allowed: readonly string[]) {
    this.#allowed = listOf(allowed);
  }

  permits(address: string): boolean {
    const plain = withoutMapping(address);
    const family = isIP(plain) === 4 ? 'ipv4' : 'ipv6';
    return isIP(plain) !== 0 && (this.#allowed.check(plain, family) || !this.#closed.check(plain, family));
  }

  /** A host that is an address is connected to without any look-up. @throws AddressRefused */
  checkHost(host: string): void {
    const bare = host.replace(/^\[(.*)\]$/, '$1');
    if (isIP(bare) !== 0 && !this.permits(bare)) throw new AddressRefused();
  }

  /** For `net.connect` and all that is built on it. Answers with the addresses that were checked, and no others. */
  readonly lookup: LookupFunction = (host, options, callback) => {
    lookUpAddresses(host, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, [], 0);
      const permitted = addresses.filter(({ address }) => this.permits(address));
      const [first] = permitted;
      if (first === undefined) return callback(new AddressRefused(), [], 0);
      if (options.all === true) callback(null, permitted);
      else callback(null, first.address, first.family);
    });
  };
}

/** `::ffff:10.0.0.1` and `64:ff9b::10.0.0.1` lead to 10.0.0.1. */
function withoutMapping(address: string): string {
  const bare = address.replace(/%.*$/, '');
  if (isIP(bare) !== 6) return bare;
  const normal = new URL(`http://[${bare}]`).hostname.slice(1, -1);
  const [, high, low] = /^(?:::ffff:|64:ff9b::)([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(normal) ?? [];
  if (high === undefined || low === undefined) return normal;
  const bits = (Number.parseInt(high, 16) << 16) | Number.parseInt(low, 16);
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join('.');
}

function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits] = range.split('/');
    const family = isIP(address) === 4 ? 'ipv4' : 'ipv6';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}
