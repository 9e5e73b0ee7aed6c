/** The commands behind the agent's keys and buttons. A rejected one sets `refusal`. */
import type { AgentView, CallAction, CallOut } from './wire-names.ts'
import { api } from '../shared/server/api.ts'
import { createStore } from '../shared/store.ts'
import { answerCall, endEcho, muteVoice, phone } from './phone/phone.ts'
import { checkSound } from './phone/sound-check.ts'
import type { AudioFault } from './phone/phone-state.ts'
import { draftsOf } from './script/drafts.ts'
import { acceptResolution } from './script/proposals.ts'

/** The error of the last command, until the next one succeeds. */
export const refusal = createStore<{ readonly error: unknown } | null>(null)
/** Set while "ready" waits for the agent's decision, because the sound test failed. */
export const soundFault = createStore<AudioFault | 'checking' | null>(null)

export async function attempt(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work()
    refusal.set(null)
    return true
  } catch (error) {
    refusal.set({ error })
    return false
  }
}

export const answer = (offerId: string | null): Promise<boolean> => attempt(() => answerCall(offerId))

/** `offerId` names the call that the agent sees, so that a late press cannot reach the next call. */
export const onCall = (action: CallAction, offerId?: string | null): Promise<boolean> =>
  attempt(() => api('POST', '/me/call', { ...action, ...(offerId ? { offerId } : {}) }))

export async function mute(muted: boolean): Promise<void> {
  // The track is muted at once; if the server rejects the command, it is set back.
  muteVoice(muted)
  if (!(await onCall({ action: muted ? 'mute' : 'unmute' }))) muteVoice(!muted)
}

/** Without a reason the server takes the first one that is offered. */
export const pause = (reason?: string): Promise<boolean> =>
  attempt(() => api('PUT', '/me/state', { state: 'paused', ...(reason === undefined ? {} : { reason }) }))

/** The first "ready" with the browser phone runs the sound test before the agent takes a citizen's call. */
export async function ready(agent: AgentView, options: { readonly anyway?: boolean } = {}): Promise<void> {
  askForNotifications()
  const idle = agent.state === 'paused' || agent.state === 'signed out'
  const unproved = agent.phones.active === 'web' && idle && phone.get().lastCheck?.fault !== null
  if (unproved && options.anyway !== true) {
    soundFault.set('checking')
    const { fault } = await checkSound()
    soundFault.set(fault)
    if (fault !== null) return
  }
  soundFault.set(null)
  await attempt(() => api('PUT', '/me/state', { state: 'ready' }))
}

export const chooseDevice = (device: 'desk' | 'web' | null): Promise<boolean> =>
  attempt(() => api('PUT', '/me/device', { device }))

/** Saves notes and form; in wrap-up it also ends the wrap-up. */
export async function saveCall(callId: string, ends: boolean): Promise<void> {
  const { notes, wrapUp } = draftsOf(callId)
  if (ends) acceptResolution(callId)
  const [notesKept, formKept] = await Promise.all([notes.flush(), wrapUp.flush()])
  if (ends && notesKept && formKept) await onCall({ action: 'end-wrap-up' })
}

/** Calls a citizen: the phone of this desk picks up first, by itself. */
export async function callOut(whom: CallOut): Promise<boolean> {
  endEcho()
  return attempt(() => api('POST', '/me/call-out', whom))
}

export const callMe = (): Promise<boolean> => attempt(() => api('POST', '/demo/call-me'))

function askForNotifications(): void {
  if ('Notification' in window && Notification.permission === 'default') void Notification.requestPermission()
}
