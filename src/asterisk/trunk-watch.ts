/**
 * The state of the trunk: whether Asterisk is registered with the provider, and whether each outbound host answers.
 * Also resolves the provider's names from time to time: Asterisk resolves a name only when it reads its
 * configuration, and would refuse a provider whose address has changed, or was unknown at the start.
 */
import { lookup, resolveSrv } from 'node:dns/promises'
import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from 'pino'
import {
  registrationPart,
  trunkTestWithinMs,
  type Trunk,
  type TrunkAnswers,
  type TrunkInForce,
  type TrunkPart,
  type TrunkState,
} from '../acd/ports.ts'
import type { Millis } from '../core/ids.ts'
import { AmiConnection, AmiRefusal, type AmiOptions } from './ami/ami-connection.ts'
import { textIn, type Fields } from './ami/fields.ts'

export type { TrunkPart }

/** The part of AMI that is used. */
export type TrunkAmi = Pick<AmiConnection, 'action' | 'list'>

export interface TrunkWatchOptions {
  readonly ami: TrunkAmi
  /** The provider's names (`trunkNames`). */
  readonly names: readonly string[]
  readonly log: Logger
  readonly now?: () => Millis
  readonly addressesOf?: (name: string) => Promise<readonly string[]>
  readonly lookEveryMs?: number
  readonly nameEveryMs?: number
}

export { registrationPart as registration }
const module = 'res_pjsip_endpoint_identifier_ip.so'

export class TrunkWatch implements Trunk {
  readonly #options: TrunkWatchOptions
  readonly #timers: ReturnType<typeof setInterval>[] = []
  /** The addresses of each name when Asterisk last read its configuration. */
  readonly #known = new Map<string, string>()
  #seen: Seen = unseen
  /** When each part was first seen as it is. */
  #since = new Map<string, { readonly works: boolean | null; readonly at: Millis }>()

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
    this.#seen = unseen
    this.#since.clear()
  }

  /** After a reconnect: Asterisk may have been restarted or replaced, and has resolved the names by itself. */
  forget(): void {
    this.#known.clear()
    this.#seen = unseen
  }

  /** Without parts before the first look, and while Asterisk does not answer. */
  state(): TrunkState {
    const { parts, inForce } = this.#seen
    const now = this.#now()
    return {
      parts: parts.map((part) => ({ ...part, since: this.#since.get(part.name)?.at ?? now })),
      inForce,
    }
  }

  /** Asterisk reports an answer by the changed round trip alone where the state is as before. */
  async test(): Promise<TrunkAnswers | null> {
    const late = new AbortController()
    const timer = setTimeout(() => late.abort(), trunkTestWithinMs)
    const over = new Promise<null>((resolve) => {
      late.signal.addEventListener('abort', () => resolve(null))
    })
    try {
      return await Promise.race([qualifyHosts(this.#options.ami, late.signal), over])
    } catch (err) {
      this.#options.log.debug({ err }, 'the trunk could not be tested')
      return null
    } finally {
      clearTimeout(timer)
      late.abort()
      this.#look()
    }
  }

  /** For metrics: 1 for a part that works, 0 for one that does not. */
  figures(): ReadonlyMap<string, number> {
    return new Map(
      this.#seen.parts.flatMap(({ name, works }) => (works === null ? [] : [[name, works ? 1 : 0] as const])),
    )
  }

  /** Whether this is an address of the provider, as of the latest resolution of its names. */
  isAt(address: string): boolean {
    return [...this.#known.values()].some((addresses) => addresses.split(' ').includes(address))
  }

  #look(): void {
    const { log } = this.#options
    this.#lookNow().catch((err: unknown) => {
      this.#seen = unseen
      log.debug({ err }, 'the trunk’s state is not known')
    })
  }

  async #lookNow(): Promise<void> {
    const { ami, log } = this.#options
    const seen = await readTrunk(ami)
    const now = this.#now()
    for (const { name, works } of seen.parts) {
      const known = this.#since.get(name)
      const before = known?.works ?? null
      if (known === undefined || works !== before) this.#since.set(name, { works, at: now })
      if (works === false && before === true) log.warn({ trunk: name }, 'the trunk does not work')
      if (works === true && before === false) log.info({ trunk: name }, 'the trunk works again')
    }
    this.#seen = seen
  }

  #now(): Millis {
    return (this.#options.now ?? Date.now)()
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

interface Seen {
  /** The registration, where there is one, then the hosts. */
  readonly parts: readonly TrunkPart[]
  readonly inForce: TrunkInForce | null
}
const unseen: Seen = { parts: [], inForce: null }

async function readTrunk(ami: TrunkAmi): Promise<Seen> {
  const registrations = await listOrNone(ami, { action: 'PJSIPShowRegistrationsOutbound' })
  const details = await endpointOf(ami)
  const endpoint = details.find((item) => textIn(item, 'event') === 'EndpointDetail')
  return {
    parts: [...registrations.filter(isRegistration).map(asRegistration), ...hostsIn(details)],
    inForce:
      endpoint === undefined
        ? null
        : {
            // As "(alaw|ulaw)".
            codecs: textIn(endpoint, 'allow').replace(/[()]/g, '').split('|').filter(Boolean),
            transport: textIn(endpoint, 'transport'),
            keys: textIn(endpoint, 'dtmfmode'),
            account: accountIn(registrations),
          },
  }
}

export async function listTrunk(ami: TrunkAmi): Promise<readonly TrunkPart[]> {
  return (await readTrunk(ami)).parts
}

/** The list of contacts has only what was registered here. */
const endpointOf = (ami: TrunkAmi): Promise<readonly Fields[]> =>
  listOrNone(ami, { action: 'PJSIPShowEndpoint', endpoint: 'trunk' })

const isRegistration = (item: Fields): boolean => textIn(item, 'event') === 'OutboundRegistrationDetail'

function asRegistration(item: Fields): TrunkPart {
  const status = textIn(item, 'status')
  return {
    name: registrationPart,
    works: status === 'Registered',
    refused: status === 'Rejected',
    roundTripMs: null,
  }
}

function hostsIn(details: readonly Fields[]): readonly TrunkPart[] {
  return details
    .filter((item) => textIn(item, 'event') === 'ContactStatusDetail')
    .map((item) => ({
      name: textIn(item, 'uri').replace(/^sip:/, ''),
      works: reachable[textIn(item, 'status')] ?? null,
      refused: false,
      roundTripMs: roundTripIn(item),
    }))
}

/** "N/A" while it is not reachable. */
function roundTripIn(item: Fields): number | null {
  const micros = textIn(item, 'roundtripusec')
  return /^[1-9]\d*$/.test(micros) ? Number(micros) / 1_000 : null
}

/** Of the password only whether there is one: Asterisk lists it in plain. */
function accountIn(registrations: readonly Fields[]): TrunkInForce['account'] {
  const found = registrations.find(isRegistration)
  if (found === undefined) return null
  const auth = registrations.find((item) => textIn(item, 'event') === 'AuthDetail')
  const part = (uri: string): readonly string[] => textIn(found, uri).replace(/^sip:/, '').split('@')
  return {
    server: part('serveruri').at(-1) ?? '',
    user: part('clienturi')[0] ?? '',
    hasPassword: auth !== undefined && (textIn(auth, 'password') !== '' || textIn(auth, 'md5cred') !== ''),
  }
}

/** A host that does not answer is out of service after three seconds (`qualify_timeout`). */
const qualifyWithinMs = 3_500
const lookAgainMs = 150

async function qualifyHosts(ami: TrunkAmi, signal: AbortSignal): Promise<TrunkAnswers> {
  const before = new Map(hostsIn(await endpointOf(ami)).map((host) => [host.name, host.roundTripMs]))
  if (before.size === 0) return []
  await ami.action({ action: 'PJSIPQualify', endpoint: 'trunk' })
  const endsAt = performance.now() + qualifyWithinMs
  for (;;) {
    await pause(lookAgainMs, undefined, { signal })
    const hosts = hostsIn(await endpointOf(ami))
    const isOver = performance.now() >= endsAt
    const answered = ({ name, works, roundTripMs }: TrunkPart): boolean =>
      works === true && (isOver || roundTripMs !== before.get(name))
    if (isOver || hosts.every(answered))
      return hosts.map((host) => ({ name: host.name, roundTripMs: answered(host) ? host.roundTripMs : null }))
  }
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
