/** Tokens of programs, entered and accepted without the API. */
import type { Scope } from '../../../src/people/programs/scopes.ts'
import { acceptToken, enterToken } from '../../../src/people/programs/tokens.ts'
import type { Person, Served } from '../serve.ts'

export interface AcceptedToken {
  readonly id: number
  readonly token: string
  /** Of a request. */
  readonly bearer: { readonly headers: { readonly authorization: string } }
}

/** In the name of `person`, who has accepted it. */
export async function acceptedToken(
  { db, people }: Pick<Served, 'db' | 'people'>,
  person: Person,
  scopes: readonly Scope[],
): Promise<AcceptedToken> {
  const account = people[person].id
  const entered = await enterToken(db, { program: 'CRM', account, scopes, days: 30 }, people.admin.id)
  if (!entered.ok) throw new Error(entered.why)
  const accepted = await acceptToken(db, entered.id, account)
  if (!accepted.ok) throw new Error(accepted.why)
  const { token } = accepted
  return { id: entered.id, token, bearer: { headers: { authorization: `Bearer ${token}` } } }
}
