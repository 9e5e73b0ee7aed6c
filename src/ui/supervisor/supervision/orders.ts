/** A supervisor's orders on calls, and the phone that they need. */
import type { CallbackReason } from '../../../http/supervision/wire.ts'
import type { SupervisionMode } from '../../../core/call.ts'
import { live } from '../../live/live-feed.ts'
import { api } from '../../shared/server/api.ts'
import { createStore } from '../../shared/store.ts'
import { myCallIn } from './my-call.ts'

/** This page carries the supervisor's phone: opened for the first order, closed after the call. */
export const phoneWanted = createStore(false)
/** The call that was asked for, until the phone rings for it. */
export const asked = createStore<{ readonly call: string; readonly mode: SupervisionMode } | null>(null)
/** The refusal of the last order. */
export const refusedOrder = createStore<unknown>(null)

/** Asterisk knows a phone that has registered once it has answered its question. */
const phoneWithinMs = 8_000

const path = (call: string, rest: string): string => `/calls/${encodeURIComponent(call)}/${rest}`

/** Rings the supervisor's desk phone, where one is connected; otherwise the phone of this page. */
export async function supervise(me: string, call: string, mode: SupervisionMode): Promise<void> {
  if (asked.get() !== null) return
  refusedOrder.set(null)
  const begins = myCallIn(live.get().calls.values(), me) === null
  if (begins) asked.set({ call, mode })
  try {
    if (begins) await phoneReady(me)
    await api('POST', path(call, 'supervision'), { mode })
    keepSupervision({ call, mode })
  } catch (error) {
    refusedOrder.set(error)
  } finally {
    asked.set(null)
  }
}

async function phoneReady(me: string): Promise<void> {
  const reachable = (): boolean => (live.get().agents.get(me)?.phones.active ?? null) !== null
  if (reachable()) return
  phoneWanted.set(true)
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(bound)
      leave()
      resolve()
    }
    // Without a phone by then the server refuses, with the sentence.
    const bound = setTimeout(done, phoneWithinMs)
    const leave = live.subscribe(() => reachable() && done())
  })
}

const order = async (run: () => Promise<unknown>): Promise<void> => {
  refusedOrder.set(null)
  try {
    await run()
  } catch (error) {
    refusedOrder.set(error)
  }
}
export const leaveCall = (call: string): Promise<void> =>
  order(() => api('DELETE', path(call, 'supervision')))
export const takeOver = (call: string): Promise<void> => order(() => api('POST', path(call, 'take-over')))
/** Of a call that was taken over. */
export const actOnTaken = (action: 'hang-up' | 'hold' | 'resume'): Promise<void> =>
  order(() => api('POST', '/me/call', { action }))

/** These report on the board. */
export const moveCall = (call: string, queue: string, front: boolean): Promise<unknown> =>
  api('POST', path(call, 'move'), { queue, front })
export const promiseCallback = (call: string): Promise<unknown> => api('POST', path(call, 'callback'))
export const cancelCallback = (call: string, reason: CallbackReason): Promise<unknown> =>
  api('POST', path(call, 'cancel-callback'), { reason })
export const endCall = (call: string): Promise<unknown> => api('POST', path(call, 'end'))

const kept = 'linia.supervises'

/** Remembered across a reload of this tab, whose phone goes with it. */
function keepSupervision(of: { readonly call: string; readonly mode: SupervisionMode }): void {
  sessionStorage.setItem(kept, JSON.stringify(of))
}
export const forgetSupervision = (): void => sessionStorage.removeItem(kept)
export const wasSupervising = (): string | null => sessionStorage.getItem(kept)
