/** Where the agent can send the caller, as the panel lists it. */
import type { AgentId, ContactId } from '../../../core/ids.ts'
import { withoutSeparators } from '../../../core/phone-number.ts'
import type { ContactItem } from '../../../http/contacts/wire.ts'
import type { TransferCall, TransferTargets } from '../../../http/transfer/wire.ts'
import { folded } from '../../shared/folded.ts'
import { spokenNumber } from '../../shared/phone-number.ts'

export type Target = { readonly key: string; readonly name: string } & (
  | {
      readonly kind: 'queue'
      readonly to: TransferCall['to']
      readonly waiting: number
      readonly free: number
      readonly open: boolean
    }
  | {
      readonly kind: 'colleague'
      readonly to: Extract<TransferCall['to'], { readonly agent: unknown }>
      readonly state: TransferTargets['colleagues'][number]['state']
      readonly open: boolean
    }
  | {
      readonly kind: 'contact'
      readonly to: Extract<TransferCall['to'], { readonly contact: unknown }>
      readonly number: string | null
      readonly language: string | null
      readonly open: true
    }
)
/** In the order of the panel. */
export const targetKinds = ['queue', 'colleague', 'contact'] as const
export type TargetKind = (typeof targetKinds)[number]

/**
 * The targets with this text in their names: queues, then colleagues, then contacts, in each those who can take the caller
 * first. A department is also found by its number. `open`: a transfer there would be accepted now.
 */
export function targetsWith(
  text: string,
  { queues, colleagues }: TransferTargets,
  contacts: readonly ContactItem[],
  queueName: (id: string) => string,
): Target[] {
  const sought = folded(text)
  const digits = withoutSeparators(text)
  const all: Target[] = [
    ...queues.map(({ id, waiting, free, atWork }) => ({
      key: `queue-${id}`,
      kind: 'queue' as const,
      to: { queue: id } as TransferCall['to'],
      name: queueName(id),
      waiting,
      free,
      open: atWork > 0,
    })),
    ...colleagues.map(({ id, name, state, free }) => ({
      key: `agent-${id}`,
      kind: 'colleague' as const,
      to: { agent: id as AgentId },
      name,
      state,
      open: free,
    })),
    ...contacts.map(({ id, name, number, language }) => ({
      key: `contact-${id}`,
      kind: 'contact' as const,
      to: { contact: id as ContactId },
      name,
      number,
      language,
      open: true as const,
    })),
  ]
  return all
    .filter(
      (one) =>
        folded(one.name).includes(sought) ||
        (one.kind === 'contact' &&
          one.number !== null &&
          /^\d{2,}$/.test(digits) &&
          spokenNumber(one.number).replaceAll(' ', '').includes(digits)),
    )
    .sort(
      (a, b) =>
        targetKinds.indexOf(a.kind) - targetKinds.indexOf(b.kind) ||
        Number(b.open) - Number(a.open) ||
        a.name.localeCompare(b.name, 'ro'),
    )
}

export type AskedTarget = Exclude<Target, { readonly kind: 'queue' }>
/** Those who can be asked. */
export const askedIn = (targets: readonly Target[]): readonly AskedTarget[] =>
  targets.filter((target) => target.kind !== 'queue')

/** The target that Enter takes where none is marked: the only match; null: there are several, or it cannot be chosen. */
export function onlyMatch([first, ...more]: readonly Target[]): Target | null {
  return first?.open === true && more.length === 0 ? first : null
}
