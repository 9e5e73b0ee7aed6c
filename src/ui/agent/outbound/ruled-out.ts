import { isSurelyNotAllowed } from '../../../core/phone-number.ts'
import type { CallOutView } from '../../../http/live/wire.ts'

export type RuledOut = 'callsNobody' | 'callsBackOnly' | 'numberNotAllowed'

/** Why the rules in force let this agent not call; null: they may. `typed` null: a call, or a request, is returned. */
export function ruledOut(rules: CallOutView | null, typed: string | null): RuledOut | null {
  if (rules === null) return null
  if (rules.right === 'none') return 'callsNobody'
  if (typed === null) return null
  if (rules.right === 'returns') return 'callsBackOnly'
  return isSurelyNotAllowed(typed, rules.allowed) ? 'numberNotAllowed' : null
}
