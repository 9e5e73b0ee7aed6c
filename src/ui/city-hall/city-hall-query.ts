import { queryOptions } from '@tanstack/react-query'
import type { CityHallFace } from '../../http/city-hall/wire.ts'
import { api } from '../shared/server/api.ts'

/** Settings of the server: they change with its restart only. */
export const cityHallQuery = queryOptions({
  queryKey: ['city-hall'],
  queryFn: () => api<CityHallFace>('GET', '/city-hall'),
  staleTime: Infinity,
})
