import { useLive } from '../live/use-live.ts'
import { useNow } from '../shared/time/now.ts'
import { stripOf, type Strip } from './figures.ts'

export function useStrip(): Strip {
  const now = useNow()
  const calls = useLive((state) => state.calls)
  const agents = useLive((state) => state.agents)
  const today = useLive((state) => state.today)
  const skewMs = useLive((state) => state.skewMs)
  return stripOf(calls.values(), agents.values(), today, now + skewMs)
}
