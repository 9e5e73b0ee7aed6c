import { useLive } from '../../live/use-live.ts'
import type { WhyNot } from '../desk-actions.ts'
import { useDeskState, useWhyNot } from '../use-desk.ts'
import { ruledOut, type RuledOut } from './ruled-out.ts'

/** Why a citizen cannot be called now; null: they can. `typed`: a number that is typed; null: a call, or a request, is returned. */
export function useWhyNoCallOut(typed: string | null): WhyNot | RuledOut | null {
  const rules = useLive((live) => live.callOut)
  const why = useWhyNot(useDeskState())('call-out')
  return ruledOut(rules, typed) ?? why
}
