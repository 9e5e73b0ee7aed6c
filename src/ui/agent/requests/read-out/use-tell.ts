import { useState } from 'react'
import type { TellRequest } from '../../../../http/requests/wire.ts'
import type { Static } from 'typebox'
import { api } from '../../../shared/server/api.ts'
import { markTold } from '../shown-request.ts'
import { useRefreshRequests } from '../../../requests/use-requests.ts'

type How = Static<typeof TellRequest>['how']

/** Records that the citizen has heard number and date, or could not be reached. */
export function useTell(id: string, call: string | null) {
  const [error, setError] = useState<unknown>(null)
  const fresh = useRefreshRequests()
  async function tell(how: How): Promise<void> {
    try {
      await api('POST', `/requests/${id}/tellings`, { how, call })
      setError(null)
      markTold(id)
      fresh()
    } catch (refused) {
      setError(refused)
    }
  }
  return { tell: (how: How) => void tell(how), error }
}
