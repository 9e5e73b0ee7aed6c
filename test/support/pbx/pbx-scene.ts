/** An Asterisk with its adapter, agents' phones and callers: the setup of most tests of calls. */
import type { Test } from 'tap'
import { agentLegOf, AgentId, CallId, OfferId, callerLegOf, type ChannelId } from '../../../src/core/ids.ts'
import type { Device } from '../../../src/core/offer.ts'
import type { AsteriskOptions } from '../../../src/asterisk/config/layout.ts'
import type { AsteriskPbx } from '../../../src/asterisk/pbx.ts'
import type { PbxEvent } from '../../../src/acd/ports.ts'
import { agent, phonePassword, startAsterisk, trunkAddress, type TestAsterisk } from './asterisk.ts'
import { freePort } from '../../../src/stack/services/ports.ts'
import { register, runSipp, type SippRun } from '../sip/sipp.ts'
import { eventuallyMs, until } from '../until.ts'

export type Arrived = Extract<PbxEvent, { type: 'CallArrived' }>
export type LegGone = Extract<PbxEvent, { type: 'LegGone' }>

export interface Scene {
  readonly asterisk: TestAsterisk
  readonly pbx: AsteriskPbx
  readonly events: PbxEvent[]
  readonly startBeat: () => Promise<void>
  readonly stopBeat: () => void
  /** Places a call and returns at once. */
  readonly dial: (t: Test, scenario: string) => Promise<SippRun>
  /** Places a call and waits until it has arrived. */
  readonly call: (
    t: Test,
    scenario: string,
  ) => Promise<{ run: SippRun; arrived: Arrived; channel: ChannelId }>
  /**
   * Registers the agent's desk phone; it runs the scenario for every call that it gets (a qualify counts as one).
   * Resolves when the phone is reachable.
   */
  readonly phone: (t: Test, username: string, scenario: string, port?: number) => Promise<SippRun>
  readonly ring: (username: string, offer: string, change?: Partial<Ring>) => Promise<string>
  readonly gone: (channel: ChannelId) => Promise<LegGone>
  readonly happened: (
    type: PbxEvent['type'],
    fields?: Record<string, unknown>,
    boundMs?: number,
  ) => Promise<PbxEvent>
}
interface Ring {
  readonly call: CallId
  readonly callerNumber: string | null
  readonly ringTimeoutMs: number
  readonly autoAnswer: boolean
  readonly device: Device
}

/** With `beating` false the dialplan treats the application as unavailable. */
export async function setScene(
  t: Test,
  usernames: readonly string[],
  { beating = true, ...change }: Partial<AsteriskOptions> & { beating?: boolean } = {},
): Promise<Scene> {
  const asterisk = await startAsterisk(t, change)
  const { pbx, events } = asterisk.pbx()
  await pbx.start(() => true)
  await pbx.applyDirectory(usernames.map(agent), [], asterisk.options.callable ?? [])
  let beats: ReturnType<typeof setInterval> | undefined
  const stopBeat = () => clearInterval(beats)
  const startBeat = async () => {
    await pbx.beat()
    // A heartbeat without a connection is skipped; the next one follows.
    beats = setInterval(() => void pbx.beat().catch(() => undefined), 1000)
  }
  t.teardown(stopBeat)
  if (beating) await startBeat()
  const remote = asterisk.options.sip
  const find = (type: PbxEvent['type'], fields: Record<string, unknown>, from = 0) =>
    events
      .slice(from)
      .find(
        (event) =>
          event.type === type &&
          Object.entries(fields).every(([key, value]) => Reflect.get(event, key) === value),
      )
  const happened = async (
    type: PbxEvent['type'],
    fields: Record<string, unknown> = {},
    boundMs = eventuallyMs,
  ) => {
    await until(() => find(type, fields) !== undefined, boundMs)
    const event = find(type, fields)
    if (event === undefined) throw new Error('unreachable')
    return event
  }
  const dial = async (t: Test, scenario: string) => {
    const local = { host: trunkAddress, port: await freePort(trunkAddress) }
    return runSipp(t, { scenario, local, remote, service: '969' })
  }
  return {
    asterisk,
    pbx,
    events,
    happened,
    startBeat,
    stopBeat,
    gone: async (channel) => {
      const event = await happened('LegGone', { channel })
      if (event.type !== 'LegGone') throw new Error('unreachable')
      return event
    },
    dial,
    call: async (t, scenario) => {
      const before = events.length
      const run = await dial(t, scenario)
      await until(() => find('CallArrived', {}, before) !== undefined)
      const arrived = find('CallArrived', {}, before)
      if (arrived?.type !== 'CallArrived') throw new Error('unreachable')
      return { run, arrived, channel: callerLegOf(arrived.call) }
    },
    phone: async (t, username, scenario, port) => {
      const local = { host: '127.0.0.1', port: port ?? (await freePort('127.0.0.1')) }
      const before = events.length
      const registers = async (): Promise<boolean> => {
        const registration = await runSipp(t, {
          scenario: register(username, phonePassword(username, 'desk')),
          local,
          remote,
          service: username,
        })
        return (await registration.done) === 0
      }
      // On a stalled machine SIPp retransmits and gets a second challenge, which its scenario does not expect.
      if (!(await registers()) && !(await registers())) throw new Error(`${username} could not register`)
      // Asterisk repeats its qualify until the phone listens.
      const run = await runSipp(t, { scenario, local, remote, service: username, calls: 1000 })
      await until(() => find('PhoneChanged', { username, reachable: true }, before) !== undefined)
      return run
    },
    ring: (username, offer, change = {}) =>
      pbx.perform({
        do: 'RingAgent',
        call: CallId('pbx1-1.1'),
        offer: OfferId(offer),
        agent: AgentId(`id-${username}`),
        device: 'desk',
        callerNumber: '0256123456',
        ringTimeoutMs: 10_000,
        autoAnswer: false,
        isRecorded: true,
        ...change,
      }),
  }
}

export const legOf = (offer: string): ChannelId => agentLegOf(OfferId(offer))
