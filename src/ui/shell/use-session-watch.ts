import { useEffect } from 'react'
import { refusals } from '../live/live-feed.ts'
import { useLive } from '../live/use-live.ts'
import { api, Problem } from '../shared/server/api.ts'
import { sessionEnded } from './ended-session.ts'

const askEveryMs = 3_000

/**
 * A rejected or silent feed may mean that the session has ended or was revoked, or that the account was closed.
 * The browser does not expose the reason, so the server is asked.
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
    // Any other error means that the server is unavailable: the feed keeps reconnecting.
    if (!(error instanceof Problem) || error.status !== 401) return
    await sessionEnded()
  }
}
