/**
 * The page after the end of its session. It leaves for the sign-in, except while its phone carries a citizen's call
 * that the server lets finish: the citizen must not lose their conversation with it.
 */
import { closeFeed } from '../live/live-feed.ts'
import { api, Problem } from '../shared/server/api.ts'
import { createStore } from '../shared/store.ts'

/** The phone of an agent's page. */
export interface CallInPage {
  readonly isUp: () => boolean
  readonly subscribe: (listener: () => void) => () => void
  readonly hangUp: () => void
}

/** Whether the session has ended and the page stays for its call. */
export const staysForCall = createStore(false)

/** A reset or a closed account ends the call's permission; the gate closes the phone's connection then as well. */
const askEveryMs = 10_000
let call: CallInPage | null = null
let next = ''

export function offerCall(offered: CallInPage): void {
  call = offered
}

export const hangUpCall = (): void => call?.hangUp()

/** `then`: the page to go to, at once or after the call. */
export async function sessionEnded(then = '/sign-in?ended'): Promise<void> {
  if (staysForCall.get()) return
  next = then
  if (call === null || !call.isUp() || !(await mayFinish())) return leave()
  // Asked twice meanwhile.
  if (staysForCall.get()) return
  staysForCall.set(true)
  call.subscribe(() => call?.isUp() === false && leave())
  setInterval(() => void mayFinish().then((may) => may || leave()), askEveryMs)
  if (!call.isUp()) leave()
}

/** A server that does not answer takes nothing back. */
async function mayFinish(): Promise<boolean> {
  try {
    await api('GET', '/me/phone/socket/call')
    return true
  } catch (error) {
    return !(error instanceof Problem) || error.status !== 409
  }
}

/** A new page, so that nothing of the account stays in memory. */
function leave(): void {
  closeFeed()
  window.location.assign(next)
}
