/** The rules for calls to citizens: those of the configuration within what the server's settings allow, or the settings themselves. */
import { isAmong, nationalDigits, romania, whyNeverAllowed, type NeverAllowed } from '../phone-number.ts'
import type { CallOutRules } from '../rules.ts'
import type { OutboundSetting } from './schema.ts'

export const outboundFaultCodes = [
  'called number not readable',
  'called number too short',
  'called number without country',
  'called number premium',
  'called number emergency',
  'called number ours',
  'called number abroad',
] as const
type OutboundFaultCode = (typeof outboundFaultCodes)[number]

interface OutboundFault {
  readonly at: string
  readonly code: OutboundFaultCode
  readonly value: string
}

/** The server's settings for numbers abroad: `allowed` to agents, and further ones to supervisors. */
export type AbroadBound = Pick<CallOutRules, 'allowed' | 'allowedToSupervisors'>

/** Without the settings of a server: nothing abroad. */
export const nothingAbroad: AbroadBound = { allowed: [], allowedToSupervisors: [] }

/**
 * The rules that are in force. `setting` null: of a document without any. The settings of the server may have been narrowed
 * after the publication, so that the bound holds here as well.
 */
export function callOutRules(setting: OutboundSetting | null, server: CallOutRules): CallOutRules {
  if (setting === null) return server
  const { allowed, allowedToSupervisors = [], ...rules } = setting
  const bound = boundsOf(server)
  return {
    ...rules,
    allowed: allowed.filter((one) => isWithin(one, bound.allowed)),
    allowedToSupervisors: allowedToSupervisors.filter((one) => isWithin(one, bound.allowedToSupervisors)),
  }
}

/** The document's form of the server's settings, with which a city begins. */
export const settingOf = ({ allowed, allowedToSupervisors, ...rules }: CallOutRules): OutboundSetting => ({
  allowed: [...allowed],
  ...(allowedToSupervisors.length === 0 ? {} : { allowedToSupervisors: [...allowedToSupervisors] }),
  ...rules,
})

export const outboundLists = ['allowed', 'allowedToSupervisors'] as const

/** The places of its faults begin with `outbound`. `own`: the city's numbers, in all their forms. */
export function faultsOfOutbound(
  setting: OutboundSetting | undefined,
  { server, own }: { readonly server: AbroadBound; readonly own: readonly string[] },
): readonly OutboundFault[] {
  if (setting === undefined) return []
  const bound = boundsOf(server)
  return outboundLists.flatMap((list) =>
    (setting[list] ?? []).flatMap((value, index): readonly OutboundFault[] => {
      const code = faultOf(value, { abroad: bound[list], own })
      return code === null ? [] : [{ at: `outbound.${list}[${index}]`, code, value }]
    }),
  )
}

/** Those that another one of the list contains, or that stand there twice: they are no fault, and change nothing. */
export const pointless = (list: readonly string[]): readonly string[] =>
  list.filter((one, index) =>
    list.some((other, place) =>
      other === one ? place < index : other.startsWith('+') && one.startsWith(other),
    ),
  )

const never = {
  'an emergency number': 'called number emergency',
  'our own number': 'called number ours',
  'a premium number': 'called number premium',
} as const satisfies Record<NeverAllowed, OutboundFaultCode>

function faultOf(
  one: string,
  { abroad, own }: { readonly abroad: readonly string[]; readonly own: readonly string[] },
): OutboundFaultCode | null {
  const isTooLong = one.length > (one.startsWith(romania) ? romania.length + nationalDigits : 16)
  const hasTrunkPrefix = one.startsWith('+0') || one.startsWith(`${romania}0`)
  if (!/^\+?\d*$/.test(one) || hasTrunkPrefix || isTooLong) return 'called number not readable'
  const why = whyNeverAllowed(one)
  if (why !== null) return never[why]
  if (isAmong(one, own)) return 'called number ours'
  if (one.startsWith('+') ? one === '+' : one.length < 3) return 'called number too short'
  if (!one.startsWith('+') && one.length > 6) return 'called number without country'
  return isWithin(one, abroad) ? null : 'called number abroad'
}

const boundsOf = ({ allowed, allowedToSupervisors }: AbroadBound): AbroadBound => ({
  allowed,
  allowedToSupervisors: [...allowed, ...allowedToSupervisors],
})

/** Numbers of the country are the city's to choose; "+4" has other countries as well. */
const isWithin = (one: string, abroad: readonly string[]): boolean =>
  !one.startsWith('+') ||
  one.startsWith(romania) ||
  abroad.some((beginning) => beginning.startsWith('+') && one.startsWith(beginning))
