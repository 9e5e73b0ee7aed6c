/** Where the agent can send the caller, as the panel lists it. */
import type { AgentId } from '../../../core/ids.ts'
import type { TransferCall, TransferTargets } from '../../../http/transfer/wire.ts'
import { folded } from '../../shared/folded.ts'

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
)

/**
 * The targets with this text in their names: queues, then colleagues, in each those who can take the caller first. `open`: a
 * transfer there would be accepted now.
 */
export function targetsWith(
  text: string,
  { queues, colleagues }: TransferTargets,
  queueName: (id: string) => string,
): Target[] {
  const sought = folded(text)
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
  ]
  return all
    .filter(({ name }) => folded(name).includes(sought))
    .sort(
      (a, b) =>
        Number(a.kind === 'colleague') - Number(b.kind === 'colleague') ||
        Number(b.open) - Number(a.open) ||
        a.name.localeCompare(b.name, 'ro'),
    )
}

/** Those who can be asked. */
export const colleaguesIn = (targets: readonly Target[]): readonly Target[] =>
  targets.filter(({ kind }) => kind === 'colleague')

/** The target that Enter takes where none is marked: the only match; null: there are several, or it cannot be chosen. */
export function onlyMatch([first, ...more]: readonly Target[]): Target | null {
  return first?.open === true && more.length === 0 ? first : null
}
