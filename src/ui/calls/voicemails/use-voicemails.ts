/** Messages that callers have left, for agents of their queues and for supervisors. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { CloseVoicemail, OpenVoicemails, Voicemails } from '../../../http/voicemails/wire.ts'
import { api } from '../../shared/server/api.ts'

const queryKey = ['voicemails'] as const
const listEveryMs = 20_000
/** At every desk. */
const countEveryMs = 60_000

export function useVoicemails() {
  return useQuery({
    queryKey: [...queryKey, 'list'],
    queryFn: () => api<Voicemails>('GET', '/voicemails'),
    refetchInterval: listEveryMs,
  })
}

export function useOpenVoicemails() {
  return useQuery({
    queryKey: [...queryKey, 'open'],
    queryFn: () => api<OpenVoicemails>('GET', '/voicemails/open'),
    refetchInterval: countEveryMs,
  })
}

/** Each rejects with a `Problem`; the lists are read again in any case: a colleague may have been first. */
export function useVoicemailSteps(call: string) {
  const queries = useQueryClient()
  const path = `/voicemails/${encodeURIComponent(call)}`
  async function andAgain(asked: Promise<unknown>): Promise<void> {
    try {
      await asked
    } finally {
      await Promise.all([
        queries.invalidateQueries({ queryKey }),
        queries.invalidateQueries({ queryKey: ['calls', 'one', call] }),
      ])
    }
  }
  return {
    take: () => andAgain(api('PUT', `${path}/taker`)),
    release: () => andAgain(api('DELETE', `${path}/taker`)),
    close: (closing: CloseVoicemail) => andAgain(api('POST', `${path}/closing`, closing)),
  }
}
