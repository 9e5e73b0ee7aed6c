/** A call to a citizen under a configuration, without a call: judged as the desk's command is (`judgeCallOut`). */
import { CallId } from '../ids.ts'
import {
  allowedTo,
  callable,
  dialledForm,
  judgeCallOut,
  type AskedCall,
  type CallOutRefusal,
} from '../phone-number.ts'
import type { CallOutRules } from '../rules.ts'
import { formsOf } from './line.ts'
import { callOutRules } from './outbound.ts'
import type { Configuration } from './schema.ts'

export const callOutCallers = ['agent', 'supervisor'] as const

export interface TriedCallOut {
  /** As typed. */
  readonly number: string
  /** A supervisor is an agent as well. */
  readonly by: (typeof callOutCallers)[number]
  /** Back to the number of a call or a request, not to one that is typed. */
  readonly isReturning: boolean
}

export type CallOutVerdict =
  /** `number`: as it is kept; `dialled`: as the trunk gets it; `allowedBy`: the number or beginning of the rules. */
  | {
      readonly verdict: 'allowed'
      readonly number: string
      readonly dialled: string
      readonly allowedBy: string
    }
  /** `maySupervisor`: a supervisor may make the same call. */
  | { readonly verdict: 'refused'; readonly refusal: CallOutRefusal; readonly maySupervisor: boolean }

/** As the first call of its hour: a bound of 0 refuses it, too. */
const nobodyLately = { own: 0, typed: 0 }

export function tryCallOut(
  configuration: Configuration,
  { number, by, isReturning }: TriedCallOut,
  server: CallOutRules,
): CallOutVerdict {
  const rules = callOutRules(configuration.outbound ?? null, server)
  const own = formsOf(configuration.numbers)
  const returns: AskedCall['returns'] = isReturning ? { call: CallId('dry-run') } : null
  const judge = (isSupervisor: boolean) =>
    judgeCallOut({ number, returns, isSupervisor }, { rules, own, lately: nobodyLately })
  const isSupervisor = by === 'supervisor'
  const judged = judge(isSupervisor)
  if (!judged.ok) return { verdict: 'refused', refusal: judged.refusal, maySupervisor: judge(true).ok }
  return {
    verdict: 'allowed',
    number: judged.number,
    dialled: dialledForm(judged.number),
    allowedBy: allowingOf(judged.number, allowedTo(rules, isSupervisor)),
  }
}

/** The longest one says most. */
function allowingOf(number: string, allowed: readonly string[]): string {
  const allowing = allowed.filter((one) => callable(number, [one]).ok)
  return allowing.reduce((longest, one) => (one.length > longest.length ? one : longest), '')
}
