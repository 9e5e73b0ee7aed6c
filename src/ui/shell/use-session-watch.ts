import { useEffect } from 'react'
import { refusals } from '../live/live-feed.ts'
import { useLive } from '../live/use-live.ts'
import { api, Problem } from '../shared/server/api.ts'

const askEveryMs = 3_000

/**
 * A feed that was refused, or has fallen silent, may mean that the session has ended or was revoked, or that the
 * account was closed: a browser is not told why, so that only asking tells.
 */
export function useSessionWatch(): void {
  useEffect(() => refusals.subscribe(() => void askWhetherSignedIn()), [])
  const silent = useLive((state) => state.status === 'silent')
  useEffect(() => {
    if (!silent) return undefined
    void askWhetherSignedIn()
    const timer = setInterval(() => void askWhetherSignedIn(), askEveryMs)
    return () => clearInterval(timer)
  }, [silent])
}

async function askWhetherSignedIn(): Promise<void> {
  try {
    await api('GET', '/me')
  } catch (error) {
    // Anything else is a server that is away: the feed's own reconnecting goes on.
    if (!(error instanceof Problem) || error.status !== 401) return
    // A fresh page forgets everything that this one knew of the account.
    window.location.assign('/sign-in?ended')
  }
}
