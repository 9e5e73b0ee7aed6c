/**
 * The provider's side as Asterisk sees it: whether we are registered there, and whether each host to which
 * calls leave answers. And names: Asterisk looks one up when it reads its configuration and never again,
 * so that a provider who moved, or whose name was not known at the start, would be a stranger.
 */
import { lookup, resolveSrv } from 'node:dns/promises'
import type { Logger } from 'pino'
import { AmiConnection, AmiRefusal, type AmiOptions } from './ami/ami-connection.ts'
import { textIn, type Fields } from './ami/fields.ts'

/** One thing that has to work: the registration, or a host. */
export interface TrunkPart {
  readonly name: string
  /** Null: nobody has asked yet. */
  readonly works: boolean | null
}

/** What is needed of AMI. */
export type TrunkAmi = Pick<AmiConnection, 'action' | 'list'>

export interface TrunkWatchOptions {
  readonly ami: TrunkAmi
  /** As the provider is known; only names among them are looked up. */
  readonly names: readonly string[]
  readonly log: Logger
  readonly addressesOf?: (name: string) => Promise<readonly string[]>
  readonly lookEveryMs?: number
  readonly nameEveryMs?: number
}

/** The part that is no host. */
export const registration = 'registration'
const module = 'res_pjsip_endpoint_identifier_ip.so'

export class TrunkWatch {
  readonly #options: TrunkWatchOptions
  readonly #timers: ReturnType<typeof setInterval>[] = []
  /** Addresses as of the names' latest reading by Asterisk. */
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

  /** Asterisk may be another one, or have started anew: it knows what it found out itself. */
  forget(): void {
    this.#known.clear()
    this.#parts = []
  }

  /** As of the last ten seconds; nothing before the first look. */
  parts(): readonly TrunkPart[] {
    return this.#parts
  }

  /** The same as figures: 1 for what works, 0 for what does not. */
  figures(): ReadonlyMap<string, number> {
    return new Map(
      this.#parts.flatMap(({ name, works }) => (works === null ? [] : [[name, works ? 1 : 0] as const])),
    )
  }

  /** Whether one of the names led to this address when it was last looked up: who calls from there is no stranger. */
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
    this.#readAnew().catch((err: unknown) => log.warn({ err }, 'Asterisk did not look the provider up anew'))
  }

  /** Looked up here first: a name server that hangs would hold up everything that we ask of Asterisk. */
  async #readAnew(): Promise<void> {
    const { names, ami, addressesOf = addressesBehind, log } = this.#options
    const found = new Map<string, string>()
    for (const name of names) {
      try {
        const addresses = await addressesOf(name)
        if (addresses.length > 0) found.set(name, [...new Set(addresses)].toSorted().join(' '))
      } catch (err) {
        // What Asterisk knows of it stays.
        log.debug({ err }, 'a provider’s name was not found')
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

/** For whoever is not connected: asks once. Null: Asterisk does not answer. */
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

/** Asterisk refuses to list nothing; one that others have laid out may have no trunk of this name. */
async function listOrNone(ami: TrunkAmi, action: Record<string, string>): Promise<readonly Fields[]> {
  try {
    return await ami.list(action)
  } catch (error) {
    if (error instanceof AmiRefusal && /^(no .* found|unable to retrieve endpoint)/i.test(error.message))
      return []
    throw error
  }
}

/** Its own addresses and those of the servers that it names (RFC 3263), as Asterisk looks for both. */
async function addressesBehind(name: string): Promise<readonly string[]> {
  const services = await Promise.all(
    ['_sip._udp', '_sip._tcp'].map((service) => resolveSrv(`${service}.${name}`).catch(() => [])),
  )
  const hosts = [name, ...services.flat().map((service) => service.name)]
  const found = await Promise.all(hosts.map((host) => lookup(host, { all: true }).catch(() => [])))
  return found.flat().map(({ address }) => address)
}
