/** A whole Linia with callers and agents' phones, and the queries shared by the end-to-end tests. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Test } from 'tap'
import type { Static } from 'typebox'
import type { CallDetail, CallPage } from '../../src/http/calls/wire.ts'
import { Api, ApiRefused } from '../../tools/demo/api.ts'
import { LiveView } from '../../tools/demo/live-view.ts'
import type { Ring } from '../../tools/demo/phone/call.ts'
import { readWave } from '../support/sip/audio.ts'
import { openTown, type TestTown } from '../support/sip/citizen.ts'
import { openTestPhone, type TestPhone } from '../support/sip/desk-phone.ts'
import { startLinia, type Linia, type LiniaOptions } from '../support/stack.ts'
import { until } from '../support/until.ts'

export interface DeskAgent {
  readonly api: Api
  readonly phone: TestPhone
  /** The account's id, and its name as on boards. */
  readonly id: string
  readonly name: string
}

export interface Scene {
  readonly linia: Linia
  readonly town: TestTown
  /** A supervisor's session, and the live view of the board. */
  readonly board: Api
  readonly view: LiveView
  /** Signs an agent in with a registered desk phone; ready by default. */
  deskAgent(username: string, options?: DeskAgentOptions): Promise<DeskAgent>
  /** The ledger's record of the newest call from this number, once it satisfies the condition. */
  record(caller: string, holds?: (call: CallDetail) => boolean): Promise<CallDetail>
}

export interface DeskAgentOptions {
  readonly ready?: boolean
  readonly silent?: boolean
  readonly onRing?: (ring: Ring) => void
}

const run = promisify(execFile)

export async function openScene(t: Test, options: LiniaOptions = {}): Promise<Scene> {
  // On a busy machine a page may show a call seconds after its phone has begun to ring, and takes long to load again.
  const patient = { RING_TIMEOUT_MS: '60000', RECONNECT_MS: '60000' }
  const overrides = { GREETING: 'none', WRAP_UP_MS: '500', ...patient, ...options.overrides }
  const linia = await startLinia(t, { agents: 3, ...options, overrides })
  const town = await openTown(t, { target: linia.sip, from: linia.trunk })
  const board = new Api(linia.url)
  await board.signIn(linia.account('supervisor01'))
  const view = new LiveView()
  await view.follow(board)
  t.teardown(() => view.stop())

  async function deskAgent(
    username: string,
    { ready = true, ...rest }: DeskAgentOptions = {},
  ): Promise<DeskAgent> {
    const account = linia.account(username)
    if (account.phone === undefined) throw new Error(`${username} has no desk phone`)
    const api = new Api(linia.url)
    const { id, name } = await api.signIn(account)
    const phone = await openTestPhone(t, { server: linia.sip, ...account.phone, ...rest })
    await phone.register()
    await until(() => view.agents.get(id)?.phones.desk === true)
    if (ready) await api.setState({ state: 'ready' })
    return { api, phone, id, name }
  }

  async function record(
    caller: string,
    holds: (call: CallDetail) => boolean = (call) => call.outcome !== null,
  ): Promise<CallDetail> {
    let found: CallDetail | null = null
    const asked = encodeURIComponent(caller)
    await until(async () => {
      const page = await board
        .get<Static<typeof CallPage>>(`/api/calls?limit=1&caller=${asked}`)
        .catch(unlessAway)
      const id = page?.items[0]?.id
      if (id === undefined) return false
      const call = await board.get<CallDetail>(`/api/calls/${id}`).catch(unlessAway)
      found = call !== null && holds(call) ? call : null
      return found !== null
    })
    if (found === null) throw new Error('unreachable')
    return found
  }
  return { linia, town, board, view, deskAgent, record }
}

/** Tolerates the front's error responses while the server restarts. */
function unlessAway(error: unknown): null {
  if (error instanceof ApiRefused && error.status < 500) throw error
  return null
}

/** The names of a call's transitions, in order. */
export const transitions = (call: CallDetail): string[] => call.events.map((event) => event.type)

/** The recording as the API gives it, one array of samples a track: caller, agent. */
export async function recordingOf(t: Test, board: Api, call: string) {
  const dir = await mkdtemp(join(tmpdir(), 'linia-heard-'))
  t.teardown(() => rm(dir, { recursive: true, force: true }))
  const answer = await board.ask('GET', `/api/calls/${call}/recording`)
  const alaw = join(dir, 'recording.alaw.wav')
  await writeFile(alaw, Buffer.from(await answer.arrayBuffer()))
  const wave = join(dir, 'recording.wav')
  await run('sox', [alaw, '-e', 'signed', '-b', '16', wave])
  return readWave(wave)
}
