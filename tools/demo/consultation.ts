/** A scripted agent asks a colleague during a conversation. */
import { AgentId } from '../../src/core/ids.ts'
import type { TransferTargets } from '../../src/http/transfer/wire.ts'
import { unlessRefused, type Api } from './api.ts'
import type { LiveView } from './live-view.ts'
import type { Random } from './random.ts'
import type { Turn } from './turns.ts'

export interface Consulting {
  readonly api: Api
  readonly view: LiveView
  readonly chance: Random
  readonly agentId: string
  readonly callId: string
  /** Lasts between these times; rejects when the agent leaves. */
  pause(fromMs: number, toMs: number): Promise<void>
}

export type Consultation = Extract<Turn, 'advice' | 'three-way' | 'hand-over'>

/** How long to wait for a colleague who is free, and for one whose phone rings. */
const freeWithinMs = 15_000
const answersWithinMs = 15_000
/** The live feed follows an accepted command. */
const shownWithinMs = 3_000

/** Resolves once the caller is with one agent again, or gone; false: no colleague answered, or somebody left before the end. */
export async function consult(asking: Consulting, kind: Consultation): Promise<boolean> {
  const { api, pause } = asking
  const colleague = await freeColleague(asking)
  if (colleague === null) return false
  try {
    await api.consult({ agent: colleague })
    const answered = await answers(asking)
    if (answered) await pause(4_000, 9_000)
    if (answered && kind === 'three-way') {
      await api.act('join-consult')
      await pause(6_000, 12_000)
    }
    await api.act(answered && kind === 'hand-over' ? 'complete-consult' : 'cancel-consult')
    return answered
  } catch (error) {
    unlessRefused(error, 409)
    return false
  }
}

async function freeColleague({ api, view, chance, agentId }: Consulting): Promise<AgentId | null> {
  const isSomebodyFree = (): boolean =>
    [...view.agents.values()].some(({ id, state }) => id !== agentId && state === 'ready')
  if (!(await view.until(isSomebodyFree, freeWithinMs))) return null
  const { colleagues } = await api.get<TransferTargets>('/api/me/transfer-targets')
  const [first, ...more] = colleagues.filter(({ free }) => free).map(({ id }) => AgentId(id))
  return first === undefined ? null : chance.pick([first, ...more])
}

async function answers({ view, callId }: Consulting): Promise<boolean> {
  const seat = () => view.calls.get(callId)?.consult?.seat ?? null
  await view.until(() => seat() !== null, shownWithinMs)
  return (await view.until(() => seat() !== 'ringing', answersWithinMs)) && seat() !== null
}
