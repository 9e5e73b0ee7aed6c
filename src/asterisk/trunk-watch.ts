/**
 * The state of the trunk: whether Asterisk is registered with the provider, and whether each outbound host answers.
 * Also resolves the provider's names from time to time: Asterisk resolves a name only when it reads its
 * configuration, and would refuse a provider whose address has changed, or was unknown at the start.
 */
import { lookup, resolveSrv } from 'node:dns/promises'
import type { Logger } from 'pino'
import { AmiConnection, AmiRefusal, type AmiOptions } from './ami/ami-connection.ts'
import { textIn, type Fields } from './ami/fields.ts'

/** The registration, or one host. */
export interface TrunkPart {
  readonly name: string
  /** Null: not checked yet. */
  readonly works: boolean | null
}

/** The part of AMI that is used. */
export type TrunkAmi = Pick<AmiConnection, 'action' | 'list'>

export interface TrunkWatchOptions {
  readonly ami: TrunkAmi
  /** The provider's names (`trunkNames`). */
  readonly names: readonly string[]
  readonly log: Logger
  readonly addressesOf?: (name: string) => Promise<readonly string[]>
  readonly lookEveryMs?: number
  readonly nameEveryMs?: number
}

/** Name of the part that is no host. */
export const registration = 'registration'
const module = 'res_pjsip_endpoint_identifier_ip.so'

export class TrunkWatch {
  readonly #options: TrunkWatchOptions
  readonly #timers: ReturnType<typeof setInterval>[] = []
  /** The addresses of each name when Asterisk last read its configuration. */
  readonly #known = new Map<string, string>()
  #parts: readonly TrunkPart[] = []

  constructor(options: TrunkWatchOptions) {
    this.#options = options
  }

  start(): void {
    this.stop()
    const { lookEveryMs = 10_000, nameEveryMs = 60_000, names } = this.#options
    this.#look()
    this.#timers.push(setInterval(() => this.#look(), lookEveryMs))
    if (names.length === 0) return
    this.#lookUp()
    this.#timers.push(setInterval(() => this.#lookUp(), nameEveryMs))
  }

  stop(): void {
    for (const timer of this.#timers.splice(0)) clearInterval(timer)
    this.#parts = []
  }

  /** After a reconnect: Asterisk may have been restarted or replaced, and has resolved the names by itself. */
  forget(): void {
    this.#known.clear()
    this.#parts = []
  }

  /** At most ten seconds old; empty before the first look. */
  parts(): readonly TrunkPart[] {
    return this.#parts
  }

  /** For metrics: 1 for a part that works, 0 for one that does not. */
  figures(): ReadonlyMap<string, number> {
    return new Map(
      this.#parts.flatMap(({ name, works }) => (works === null ? [] : [[name, works ? 1 : 0] as const])),
    )
  }

  /** Whether this is an address of the provider, as of the latest resolution of its names. */
  isAt(address: string): boolean {
    return [...this.#known.values()].some((addresses) => addresses.split(' ').includes(address))
  }

  #look(): void {
    const { log } = this.#options
    this.#lookNow().catch((err: unknown) => {
      this.#parts = []
      log.debug({ err }, 'the trunk’s state is not known')
    })
  }

  async #lookNow(): Promise<void> {
    const { ami, log } = this.#options
    const parts = await listTrunk(ami)
    for (const { name, works } of parts) {
      const before = this.#parts.find((part) => part.name === name)?.works ?? null
      if (works === false && before === true) log.warn({ trunk: name }, 'the trunk does not work')
      if (works === true && before === false) log.info({ trunk: name }, 'the trunk works again')
    }
    this.#parts = parts
  }

  #lookUp(): void {
    const { log } = this.#options
    this.#readAnew().catch((err: unknown) =>
      log.warn({ err }, 'the provider’s names were not resolved again'),
    )
  }

  /** Resolved here first: in Asterisk a name server that hangs would delay every other request. */
  async #readAnew(): Promise<void> {
    const { names, ami, addressesOf = addressesBehind, log } = this.#options
    const found = new Map<string, string>()
    for (const name of names) {
      try {
        const addresses = await addressesOf(name)
        if (addresses.length > 0) found.set(name, [...new Set(addresses)].toSorted().join(' '))
      } catch (err) {
        // Asterisk keeps the address that it has.
        log.debug({ err }, 'a provider’s name was not resolved')
      }
    }
    if ([...found].every(([name, addresses]) => this.#known.get(name) === addresses)) return
    await ami.action({ action: 'Reload', module })
    for (const [name, addresses] of found) this.#known.set(name, addresses)
  }
}

/** The registration, where there is one, then the hosts. */
export async function listTrunk(ami: TrunkAmi): Promise<readonly TrunkPart[]> {
  const registrations = await listOrNone(ami, { action: 'PJSIPShowRegistrationsOutbound' })
  // The list of contacts has only what was registered here.
  const endpoint = await listOrNone(ami, { action: 'PJSIPShowEndpoint', endpoint: 'trunk' })
  return [
    ...registrations
      .filter((item) => textIn(item, 'event') === 'OutboundRegistrationDetail')
      .map((item) => ({ name: registration, works: textIn(item, 'status') === 'Registered' })),
    ...endpoint
      .filter((item) => textIn(item, 'event') === 'ContactStatusDetail')
      .map((item) => ({
        name: textIn(item, 'uri').replace(/^sip:/, ''),
        works: reachable[textIn(item, 'status')] ?? null,
      })),
  ]
}

const reachable: Readonly<Record<string, boolean>> = { Reachable: true, Unreachable: false }

/** One look over a connection of its own. Null: Asterisk does not answer. */
export async function askTrunk(access: Omit<AmiOptions, 'mayAct'>): Promise<readonly TrunkPart[] | null> {
  const quiet = { connected: ignore, disconnected: ignore, event: ignore }
  const ami = new AmiConnection(access, quiet)
  const late = Promise.withResolvers<null>()
  const timer = setTimeout(() => late.resolve(null), askWithinMs)
  try {
    return await Promise.race([ami.start().then(() => listTrunk(ami)), late.promise])
  } catch {
    return null
  } finally {
    clearTimeout(timer)
    ami.stop()
  }
}

const askWithinMs = 3_000
const ignore = (): void => undefined

/** Asterisk refuses to return an empty list; a city's own Asterisk may have no endpoint `trunk`. */
async function listOrNone(ami: TrunkAmi, action: Record<string, string>): Promise<readonly Fields[]> {
  try {
    return await ami.list(action)
  } catch (error) {
    if (error instanceof AmiRefusal && /^(no .* found|unable to retrieve endpoint)/i.test(error.message))
      return []
    throw error
  }
}

/** The name's own addresses and those of its SRV targets (RFC 3263), as Asterisk resolves both. */
async function addressesBehind(name: string): Promise<readonly string[]> {
  const services = await Promise.all(
    ['_sip._udp', '_sip._tcp'].map((service) => resolveSrv(`${service}.${name}`).catch(() => [])),
  )
  const hosts = [name, ...services.flat().map((service) => service.name)]
  const found = await Promise.all(hosts.map((host) => lookup(host, { all: true }).catch(() => [])))
  return found.flat().map(({ address }) => address)
}
