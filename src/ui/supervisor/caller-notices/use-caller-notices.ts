/** Notices that callers hear, for supervisors. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { CallerNoticeItem, CallerNotices, NewCallerNotice } from '../../../http/caller-notices/wire.ts'
import { api } from '../../shared/server/api.ts'

const queryKey = ['caller notices']
/** The callers who have heard one become more. */
const askEveryMs = 15_000

/** During an update a node of the release before may answer, whose notices have no hours of the day. */
export const wholeNotice = (
  notice: Omit<CallerNoticeItem, 'daily'> & Partial<Pick<CallerNoticeItem, 'daily'>>,
): CallerNoticeItem => ({ daily: null, ...notice })

export function useCallerNotices() {
  return useQuery({
    queryKey,
    queryFn: async () => (await api<CallerNotices>('GET', '/caller-notices')).items.map(wholeNotice),
    refetchInterval: askEveryMs,
  })
}

export function useNoticeChanges() {
  const client = useQueryClient()
  const onSettled = () => client.invalidateQueries({ queryKey })
  return {
    add: useMutation({
      mutationFn: (notice: NewCallerNotice) => api('POST', '/caller-notices', notice),
      onSettled,
    }),
    end: useMutation({
      mutationFn: (id: number) => api('DELETE', `/caller-notices/${id}`),
      onSettled,
    }),
  }
}
