/** Bringing an interpreter into the conversation: the open list of several, and the command. */
import type { ContactId } from '../../../core/ids.ts'
import type { Consult } from '../../../http/consult/wire.ts'
import { api } from '../../shared/server/api.ts'
import { createStore } from '../../shared/store.ts'
import { attempt } from '../desk-commands.ts'
import type { Interpreter } from './interpreters.ts'

/** The offer of the conversation whose list is open; null: it is closed. */
export const interpretersOpen = createStore<string | null>(null)
export const closeInterpreters = (): void => interpretersOpen.set(null)

/** All three hear each other as soon as the interpreter answers. */
export const callInterpreter = (id: string, offerId: string | null): Promise<boolean> =>
  attempt(() =>
    api('POST', '/me/consult', {
      to: { contact: id as ContactId },
      joins: true,
      ...(offerId === null ? {} : { offerId }),
    } satisfies Consult),
  )

/** The only interpreter is called at once; several are listed. */
export function interpreterWanted(known: readonly Interpreter[], offerId: string | null): void {
  const [first, ...more] = known
  if (first === undefined) return
  if (more.length === 0) void callInterpreter(first.id, offerId)
  else interpretersOpen.set(interpretersOpen.get() === offerId ? null : offerId)
}
