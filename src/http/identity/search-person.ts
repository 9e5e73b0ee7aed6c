/** Searches for the person that the caller claims to be. The answer is an opaque handle, or no match. */
import { beganAt, readSearch, searchesPerCall, type SearchForm } from '../../city/identity/search.ts'
import { personMark } from '../../city/journal/person.ts'
import type { AgentId } from '../../core/ids.ts'
import { addSearch, holdCheck, searchesIn } from '../../ledger/identity/checks.ts'
import { Refused } from '../shell/problem.ts'
import type { SearchAnswer } from './wire.ts'
import { callOfNow, recordCallAccess, type IdentityDeps, type Seen } from './live-call.ts'

export async function searchPerson(
  deps: IdentityDeps,
  agent: AgentId,
  form: SearchForm,
  typingMs: number,
): Promise<SearchAnswer> {
  const began = beganAt(deps.now(), typingMs)
  const call = await callOfNow(deps, agent)
  const read = readSearch(form)
  if (!read.ok) throw new Refused(`wrong-${read.wrong}`)
  const person = personMark(deps.personKey, read.search.identifier.value)
  await assertMaySearch(deps, { agent, call, person })
  const answer = await deps.fiscal.find(read.search)
  // Recorded even if the fiscal database did not answer: the caller stated their identity, so that part is silenced.
  const taxpayer = answer.outcome === 'match' ? answer.taxpayer : null
  const handle = await deps.db.transaction().execute(async (trx) => {
    await holdCheck(trx, call, person)
    await assertMaySearch({ db: trx }, { agent, call, person })
    const id = await addSearch(trx, { call, agent, person, taxpayer, beganAt: began })
    await recordCallAccess(trx, 'person-search', id, { agent, call, person })
    return id
  })
  if (answer.outcome === 'unreachable') throw new Refused('fiscal-away')
  return taxpayer === null ? { outcome: 'no match' } : { outcome: 'match', handle }
}

async function assertMaySearch({ db }: Pick<IdentityDeps, 'db'>, { call }: Seen): Promise<void> {
  const before = await searchesIn(db, call, searchesPerCall)
  if (before.length >= searchesPerCall) throw new Refused('too-many-searches')
}
