/**
 * The page after the end of its session. It leaves for the sign-in, except while its phone carries a citizen's call
 * that the server lets finish: the citizen must not lose their conversation with it.
 */
import { closeFeed } from '../live/live-feed.ts'
import { callInPage, callIsUp } from '../shared/call-in-page.ts'
import { api, Problem } from '../shared/server/api.ts'
import { leavePage } from '../shared/page-leave.ts'
import { createStore } from '../shared/store.ts'

/** Whether the session has ended and the page stays for its call. */
export const staysForCall = createStore(false)

/** A reset or a closed account ends the call's permission; the gate closes the phone's connection then as well. */
const askEveryMs = 10_000
let next = ''

export const hangUpCall = (): void => callInPage()?.hangUp()

/** `then`: the page to go to, at once or after the call. */
export async function sessionEnded(then = '/sign-in?ended'): Promise<void> {
  if (staysForCall.get()) return
  next = then
  if (!callIsUp() || !(await mayFinish())) return leave()
  // Asked twice meanwhile.
  if (staysForCall.get()) return
  staysForCall.set(true)
  callInPage()?.subscribe(() => callIsUp() || leave())
  setInterval(() => void mayFinish().then((may) => may || leave()), askEveryMs)
  if (!callIsUp()) leave()
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
  leavePage(next)
}
