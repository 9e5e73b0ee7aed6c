/**
 * Extensions that an agent may dial on a desk phone to send a caller on: the user name of a colleague or the short name of a
 * queue, typed as letters or spelled on the digits as they stand on a telephone (`taxe` is 8293). Nothing else is reached.
 */
import type { TransferTarget } from '../../core/call.ts'
import type { Directory } from '../ports.ts'

/** The letters on the digits, ITU-T E.161. */
const onDigits = ['abc', 'def', 'ghi', 'jkl', 'mno', 'pqrs', 'tuv', 'wxyz']

/** The digits of a name; what is not on them, such as a dot, is left out. */
export const spelled = (name: string): string =>
  name
    .split('')
    .map((sign) => {
      const at = onDigits.findIndex((letters) => letters.includes(sign))
      return /\d/.test(sign) ? sign : at < 0 ? '' : String(at + 2)
    })
    .join('')

/** Null: nobody has this name, or several names are spelled alike. */
export function extensionOf(
  dialled: string,
  { agents, queues }: Pick<Directory, 'agents' | 'queues'>,
): TransferTarget | null {
  const wanted = dialled.toLowerCase()
  const all: readonly { readonly name: string; readonly to: TransferTarget }[] = [
    ...agents().map(({ id, username }) => ({ name: username, to: { agent: id } })),
    ...queues().map(({ id }) => ({ name: id, to: { queue: id } })),
  ]
  const named = all.filter(({ name }) => name === wanted)
  const found =
    named.length > 0 || !/^\d+$/.test(wanted) ? named : all.filter(({ name }) => spelled(name) === wanted)
  const [only, ...more] = found
  return only === undefined || more.length > 0 ? null : only.to
}
