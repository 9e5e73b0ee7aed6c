/** A supervisor's orders on calls, and the phone that they need. */
import type { CallbackReason } from '../../../http/supervision/wire.ts'
import type { SupervisionMode } from '../../../core/call.ts'
import { live } from '../../live/live-feed.ts'
import { api } from '../../shared/server/api.ts'
import { createStore } from '../../shared/store.ts'
import { myCallIn } from './my-call.ts'

/** This page carries the supervisor's phone: opened for the first order, closed after the call. */
export const phoneWanted = createStore(false)
/** The phone of this page is registered. */
export const phoneIsRegistered = createStore(false)
/** The phone of this page is closed, and the feed still shows its registration. */
let isLeaving = false
/** The call that was asked for, until the phone rings for it. */
export const asked = createStore<{ readonly call: string; readonly mode: SupervisionMode } | null>(null)
/** The refusal of the last order. */
export const refusedOrder = createStore<unknown>(null)

/** Asterisk knows a phone that has registered once it has answered its question; on a slow computer, the page's phone is loaded first. */
const phoneWithinMs = 15_000

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

/** The phone that would ring, as the feed shows it. */
const activePhone = (me: string) => live.get().agents.get(me)?.phones.active ?? null

/** Ends the phone of this page; an order given meanwhile opens it again. */
export function letPhoneGo(me: string): void {
  phoneWanted.set(false)
  isLeaving = true
  const leave = live.subscribe(() => {
    if (activePhone(me) === 'web') return
    isLeaving = false
    leave()
  })
}

/** Whether a phone rings for the next order: a desk phone, the one of another page, or this page's once it is registered. */
function isReachable(me: string): boolean {
  const active = activePhone(me)
  if (active !== 'web') return active !== null
  return phoneWanted.get() ? phoneIsRegistered.get() : !isLeaving
}

async function phoneReady(me: string): Promise<void> {
  if (isReachable(me)) return
  phoneWanted.set(true)
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(bound)
      for (const leave of subscriptions) leave()
      resolve()
    }
    // Without a phone by then the server refuses, with the sentence.
    const bound = setTimeout(done, phoneWithinMs)
    const subscriptions = [live, phoneIsRegistered].map((store) =>
      store.subscribe(() => isReachable(me) && done()),
    )
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
