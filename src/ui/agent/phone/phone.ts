/** The one phone of this page. It outlives the screens: navigation never drops a call. */
import type { Static } from 'typebox'
import type { MyPhone } from '../../../http/session/wire.ts'
import { api } from '../../shared/server/api.ts'
import { createStore } from '../../shared/store.ts'
import { idlePhone, type PhoneState } from './phone-state.ts'
import { Softphone, type PhoneAccount } from './softphone.ts'
import type { Tone } from './tone-queue.ts'

export const phone = createStore(idlePhone)

const askAgainMs = 3_000
let softphone: Softphone | null = null
let wanted = false
let asking: ReturnType<typeof setTimeout> | undefined

/** Starts the phone and keeps it running; further calls have no effect. */
export async function openPhone(): Promise<void> {
  wanted = true
  clearTimeout(asking)
  if (softphone !== null) return
  try {
    const mine = await account()
    // While the server answered, another page may have taken over or another call may have opened the phone.
    if (!stillWanted()) return
    softphone = new Softphone(mine, phone, async () => (await account()).password)
    await softphone.start()
  } catch {
    // The server is unavailable or restarting; the agent sees "connecting" until it is back.
    phone.set({ ...phone.get(), registration: 'connecting' })
    asking = setTimeout(() => stillWanted() && void openPhone(), askAgainMs)
  }
}

const stillWanted = (): boolean => wanted && softphone === null

export async function closePhone(): Promise<void> {
  wanted = false
  clearTimeout(asking)
  const leaving = softphone
  softphone = null
  await leaving?.stop()
}

export const answerCall = async (offerId: string | null = null): Promise<void> => softphone?.answer(offerId)
export const muteVoice = (muted: boolean): void => softphone?.mute(muted)
export const sendTone = (tone: Tone, sent: () => void): boolean => softphone?.sendTone(tone, sent) ?? false
export const dropTones = (): void => softphone?.dropTones()
export const dialEcho = async (kind: 'echo' | 'check'): Promise<boolean> =>
  (await softphone?.dialEcho(kind)) ?? false
export const endEcho = (): void => softphone?.endEcho()
export const verifyPhone = (): void => softphone?.verify()
export const dropLostCall = (): void => softphone?.dropLostCall()

/** Whether the phone reached the state before the bound. */
export function phoneReaches(condition: (state: PhoneState) => boolean, withinMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const done = (answer: boolean): void => {
      clearTimeout(bound)
      leave()
      resolve(answer)
    }
    const bound = setTimeout(() => done(false), withinMs)
    const leave = phone.subscribe(() => condition(phone.get()) && done(true))
    if (condition(phone.get())) done(true)
  })
}

async function account(): Promise<PhoneAccount> {
  const mine = await api<Static<typeof MyPhone>>('GET', '/me/phone')
  const scheme = window.location.protocol === 'https:' ? 'wss' : 'ws'
  return { ...mine, server: `${scheme}://${window.location.host}${mine.path}` }
}
