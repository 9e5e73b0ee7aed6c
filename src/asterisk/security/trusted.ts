/** Addresses that are never blocked: this machine's, because browser phones come through the front, and the provider's. */
import { BlockList, isIP } from 'node:net'

/** `hosts`: addresses, networks (`10.0.0.0/8`) or names; names are ignored here, `TrunkWatch` resolves them. */
export function trusts(hosts: readonly string[]): (address: string) => boolean {
  const list = new BlockList()
  for (const host of ['127.0.0.1', '::1', ...hosts]) {
    const [address = '', prefix] = host.split('/')
    const family = familyOf(address)
    if (family === null) continue
    if (prefix === undefined) list.addAddress(address, family)
    else if (Number(prefix) <= (family === 'ipv4' ? 32 : 128)) list.addSubnet(address, Number(prefix), family)
  }
  return (address) => {
    const family = familyOf(address)
    return family !== null && list.check(address, family)
  }
}

function familyOf(address: string): 'ipv4' | 'ipv6' | null {
  const version = isIP(address)
  return version === 0 ? null : version === 4 ? 'ipv4' : 'ipv6'
}
