/**
 * The private PBX: one Asterisk, or an active one and a standby with the same configuration. The active one has the
 * public addresses; the standby runs without them. When the active one ends, the standby takes over its addresses and
 * registrations; the other is restarted as the new standby.
 */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pino } from 'pino'
import {
  layOutAsterisk,
  type Address,
  type AsteriskLayout,
  type AsteriskOptions,
} from '../../asterisk/config/layout.ts'
import { forgetRegistrations, registrationsIn } from '../../asterisk/phones/registrations.ts'
import { takeOverAddresses } from '../../asterisk/standby-takeover.ts'
import { PbxName } from '../../core/ids.ts'
import { pbxService } from './asterisk.ts'
import { writePrivate } from '../files.ts'
import { whyNotFree, whyNotFreeUdp } from './ports.ts'
import { signalGroup, type Service } from './service.ts'

export interface ExchangeOptions {
  /** The first Asterisk, with the public addresses. */
  readonly layout: AsteriskOptions
  /** The second one; null without a standby. */
  readonly standby: { readonly dir: string; readonly http: Address; readonly ami: Address } | null
  /** The file that records which of the two is active. */
  readonly stateFile: string
  readonly common: (log: string) => {
    readonly logFile: string
    readonly onSpawn: (pid: number) => void
    readonly onChange?: (line: string) => void
  }
}

type Which = 'first' | 'second'
const otherThan = (which: Which): Which => (which === 'first' ? 'second' : 'first')

export class Exchange {
  /** The first Asterisk's layout; the application's generated files for both are in it. */
  readonly layout: AsteriskLayout
  readonly first: Service
  readonly second: Service | null
  readonly #options: ExchangeOptions
  #serving: Which

  private constructor(
    options: ExchangeOptions,
    layouts: { readonly first: AsteriskLayout; readonly second: AsteriskLayout | null },
    serving: Which,
  ) {
    this.#options = options
    this.#serving = serving
    this.layout = layouts.first
    const service = (which: Which, layout: AsteriskLayout, log: string) =>
      pbxService({
        name: `the ${which === 'first' ? '' : 'second '}telephone exchange (Asterisk)`,
        options: () => optionsOf(options, which, this.#serving, this.layout),
        layout,
        ...options.common(log),
        ...(layouts.second === null ? {} : { ended: () => this.#ended(which) }),
      })
    this.first = service('first', layouts.first, 'asterisk')
    this.second = layouts.second === null ? null : service('second', layouts.second, 'asterisk-second')
  }

  /** Writes the configuration; starts nothing. */
  static async prepare(options: ExchangeOptions): Promise<Exchange> {
    if (options.standby === null)
      return new Exchange(options, { first: await layOutAsterisk(options.layout), second: null }, 'first')
    const serving = await servingLast(options.stateFile)
    const first = await layOutAsterisk(optionsOf(options, 'first', serving, null))
    const second = await layOutAsterisk(optionsOf(options, 'second', serving, first))
    forgetRegistrations(stateOf(optionsOf(options, otherThan(serving), serving, first)))
    return new Exchange(options, { first, second }, serving)
  }

  /** One of the two has ended. */
  async #ended(which: Which): Promise<void> {
    const other = this.#service(otherThan(which))
    // The end of the standby needs no action. With both gone, the same one stays active.
    if (which !== this.#serving || other?.pid === null || other === null) return
    const began = performance.now()
    try {
      await this.#handOver(which)
    } catch (error) {
      this.#tell(`the other telephone exchange could not take over (${String(error)})`)
      await layOutAsterisk(optionsOf(this.#options, otherThan(which), which, this.layout))
      // The takeover failed half-way, so its state is unknown: it is restarted as standby.
      if (other.pid !== null) signalGroup(other.pid, 'SIGKILL', null)
      return
    }
    this.#tell(`the other telephone exchange has taken over in ${Math.round(performance.now() - began)} ms`)
  }

  async #handOver(from: Which): Promise<void> {
    const options = this.#options
    const to = otherThan(from)
    const before = optionsOf(options, from, from, this.layout)
    const registrations = registrationsIn(stateOf(before), Date.now())
    const standing = optionsOf(options, to, from, this.layout).ami
    const serving = optionsOf(options, to, to, this.layout)
    await takeOverAddresses(standing, serving, registrations, pino({ level: 'silent' }))
    await assertListens(serving)
    this.#serving = to
    await layOutAsterisk(optionsOf(options, from, to, this.layout))
    forgetRegistrations(stateOf(before))
    await writePrivate(options.stateFile, `${JSON.stringify({ serving: to })}\n`)
  }

  #service(which: Which): Service | null {
    return which === 'first' ? this.first : this.second
  }

  #tell(line: string): void {
    this.#options.common('asterisk').onChange?.(line)
  }
}

/** Options of one of the two. `first`: the first one's layout; null while that is being created. */
function optionsOf(
  { layout, standby }: ExchangeOptions,
  which: Which,
  serving: Which,
  first: AsteriskLayout | null,
): AsteriskOptions {
  const serves = which === serving
  const common = standby === null || serves ? layout : { ...layout, http: standby.http, ami: standby.ami }
  if (which === 'first' || standby === null || first === null) return { ...common, serves }
  // Channel names of two Asterisks must not collide.
  const name = PbxName(`${layout.name}b`)
  return { ...common, serves, dir: standby.dir, name, standsByFor: first }
}

const stateOf = ({ dir }: AsteriskOptions): string => join(dir, 'state')

/** Asterisk reports a successful reload even when it could not bind an address, so the addresses are probed. */
async function assertListens({ http, sip, lan }: AsteriskOptions): Promise<void> {
  const sipHost = lan ?? sip.host
  const free = [
    await whyNotFree(http.host, http.port),
    await whyNotFree(sipHost, sip.port),
    await whyNotFreeUdp(sipHost, sip.port),
  ]
  if (free.includes(null)) throw new Error('it does not listen at all of its addresses')
}

/** The Asterisk that was active last, which has the newest registrations. */
export async function servingLast(stateFile: string): Promise<Which> {
  if (!existsSync(stateFile)) return 'first'
  const { serving } = JSON.parse(await readFile(stateFile, 'utf8')) as { serving: Which }
  return serving
}
