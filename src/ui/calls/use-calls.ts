/** Queries for calls in the ledger. */
import { useQuery } from '@tanstack/react-query'
import type { Static } from 'typebox'
import type { AgentDayView } from '../../http/agents/wire.ts'
import type {
  CallDetail,
  CallItem,
  CallPage,
  UnansweredOffers,
  UnfinishedCalls,
} from '../../http/calls/wire.ts'
import { api, Problem } from '../shared/server/api.ts'
import { useMe } from '../shared/server/me.ts'
import { useStartOfDay } from '../shared/time/now.ts'

export type Item = Static<typeof CallItem>
export type Detail = Static<typeof CallDetail>

/** More calls than one agent can answer in a day. */
const ownMax = 200
const foundMax = 20
const followEveryMs = 2_000
/** Fewer digits would list half of the record. */
export const searchDigitsMin = 4

/** During an update a node of the release before may answer, which knows no surveys. */
export const wholeDetail = (call: Omit<Detail, 'survey'> & Partial<Pick<Detail, 'survey'>>): Detail => ({
  survey: null,
  ...call,
})

const readDetail = async (id: string): Promise<Detail> =>
  wholeDetail(await api<Detail>('GET', `/calls/${encodeURIComponent(id)}`))

export const ownCallsKey = ['calls', 'own'] as const

/** Finished calls of today that this agent answered, newest first. */
export function useOwnCallsToday() {
  const me = useMe()
  const from = useStartOfDay()
  return useQuery({
    queryKey: [...ownCallsKey, me.id, from],
    queryFn: async () => {
      const query = new URLSearchParams({ from, agent: me.id, limit: String(ownMax) })
      const { items } = await api<Static<typeof CallPage>>('GET', `/calls?${query}`)
      return items.filter((call) => call.answeredAt !== null && call.outcome !== null)
    },
    refetchInterval: 60_000,
  })
}

/** The agent's conversations of today, as the board has them. */
export function useOwnDay() {
  const me = useMe()
  const from = useStartOfDay()
  return useQuery({
    queryKey: ['calls', 'own day', me.id, from],
    queryFn: () => api<AgentDayView>('GET', `/agents/${encodeURIComponent(me.id)}/day`),
    refetchInterval: 60_000,
  })
}

/** More than a shift can have; older ones are left out and the list says so. */
const unansweredMax = 100

/**
 * Calls of today that rang this agent without an answer, newest first. Another's list is not polled: each reading is on
 * record as a look.
 */
export function useUnansweredOffers(agent: string) {
  const me = useMe()
  const day = useStartOfDay()
  return useQuery({
    queryKey: ['calls', 'unanswered', agent, day],
    queryFn: () => {
      const query = new URLSearchParams({ agent, limit: String(unansweredMax) })
      return api<UnansweredOffers>('GET', `/calls/unanswered?${query}`)
    },
    refetchInterval: agent === me.id ? 60_000 : false,
  })
}

export function useFoundCalls(digits: string) {
  return useQuery({
    queryKey: ['calls', 'found', digits],
    queryFn: async () => {
      const query = new URLSearchParams({ caller: digits, limit: String(foundMax) })
      return (await api<Static<typeof CallPage>>('GET', `/calls?${query}`)).items
    },
    enabled: digits.length >= searchDigitsMin,
  })
}

/** Own calls of the last day whose wrap-up form is not complete, newest first. */
export function useUnfinishedCalls(): UnfinishedCalls['items'] {
  const { data } = useQuery({
    queryKey: ['calls', 'unfinished'],
    queryFn: () => api<UnfinishedCalls>('GET', '/calls/unfinished'),
    refetchInterval: 60_000,
  })
  return data?.items ?? []
}

interface DetailOptions {
  /** Refetches while the call or its recording is not finished. */
  readonly follow?: boolean
  /** Retries while the server is unavailable: notes written before a reload must not be lost. */
  readonly insist?: boolean
}

const isAway = (error: Error): boolean =>
  error instanceof Problem && (error.status === 0 || error.status >= 500)

export function useCallDetail(id: string | null, options: DetailOptions = {}) {
  return useQuery({
    queryKey: ['calls', 'one', id],
    queryFn: () => readDetail(id ?? ''),
    enabled: id !== null,
    retry: (_, error) => options.insist === true && isAway(error),
    refetchInterval: ({ state: { data } }) =>
      options.follow === true && data !== undefined && goesOn(data) ? followEveryMs : false,
  })
}

const colleagueEveryMs = 3_000

/** A call that somebody else had before this agent, followed while it is on the desk; nothing is asked for other calls. */
export function useHandedOver(id: string, me: string) {
  const { data: kept } = useCallDetail(id, { insist: true })
  return useQuery({
    queryKey: ['calls', 'handed over', id],
    queryFn: () => readDetail(id),
    enabled: kept?.legs.some(({ agent }) => agent.id !== me) === true,
    initialData: kept,
    refetchInterval: colleagueEveryMs,
  })
}

const goesOn = (call: Detail): boolean => call.outcome === null || call.recording === 'pending'
