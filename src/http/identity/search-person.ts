/** Searches for the person that the caller claims to be. The answer is an opaque handle, or no match. */
import { isTooFruitless, lockWindowMs } from '../../city/identity/lock.ts'
import {
  beganAt,
  readSearch,
  searchesPerCall,
  typingMsMax,
  type SearchForm,
} from '../../city/identity/search.ts'
import { wordsOf } from '../../city/taxes/fold.ts'
import { callerMark, nameMark, personMark } from '../../city/journal/person.ts'
import type { AgentId } from '../../core/ids.ts'
import {
  addBeginning,
  addSearch,
  begunAt,
  fruitlessSearches,
  holdCheck,
  searchesIn,
} from '../../ledger/identity/checks.ts'
import type { Database } from '../../ledger/database.ts'
import { iso } from '../shell/iso-time.ts'
import { Refused } from '../shell/problem.ts'
import type { SearchAnswer } from './wire.ts'
import { callOfNow, recordCallAccess, type IdentityDeps, type Seen } from './live-call.ts'
import { bucketOf, lockNow } from './lock-now.ts'

/** The agent begins to type who the caller is; the recording is silenced from here on. */
export async function beginSearch(deps: IdentityDeps, agent: AgentId): Promise<void> {
  await addBeginning(deps.db, { call: await callOfNow(deps, agent), agent })
}

interface Searching extends Seen {
  /** The marks of the calling number and of the stated name. */
  readonly bucket: string
  readonly claim: string
}

export async function searchPerson(
  deps: IdentityDeps,
  agent: AgentId,
  form: SearchForm,
): Promise<SearchAnswer> {
  const { db, now, personKey } = deps
  const call = await callOfNow(deps, agent)
  const began = beganAt(now(), await begunAt(db, call, now() - typingMsMax))
  const read = readSearch(form)
  if (!read.ok) throw new Refused(`wrong-${read.wrong}`)
  const searching: Searching = {
    agent,
    call,
    person: personMark(personKey, read.search.identifier.value),
    bucket: await bucketOf(deps, db, call),
    claim: nameMark(personKey, wordsOf(form.name)),
  }
  await assertMaySearch(deps, db, searching)
  const lock = await lockOfNumber(deps, searching)
  if (lock !== null) return lock
  const answer = await deps.fiscal.find(read.search)
  // Recorded even if the fiscal database did not answer: the caller stated their identity, so that part is silenced.
  const taxpayer = answer.outcome === 'match' ? answer.taxpayer : null
  const handle = await db.transaction().execute(async (trx) => {
    await holdCheck(trx, call, searching.person)
    await assertMaySearch(deps, trx, searching)
    const id = await addSearch(trx, { ...searching, taxpayer, beganAt: began })
    await recordCallAccess(trx, 'person-search', id, searching)
    return id
  })
  if (answer.outcome === 'unreachable') throw new Refused('fiscal-away')
  return taxpayer === null ? { outcome: 'no match' } : { outcome: 'match', handle }
}

/** A number that has failed too often for this person learns nothing more about them, not even whether they match. */
async function lockOfNumber(deps: IdentityDeps, searching: Searching): Promise<SearchAnswer | null> {
  const { agent, call, person } = searching
  return deps.db.transaction().execute(async (trx) => {
    await holdCheck(trx, call, person)
    const lock = await lockNow(deps, trx, searching)
    if (lock === null || lock.until === null) return null
    await recordCallAccess(trx, 'person-search', `lock ${lock.id}`, { agent, call, person })
    return { outcome: 'number locked', lock: lock.id, until: iso(lock.until) } as const
  })
}

/** @throws {Refused} `too-many-searches`: in this call; `too-fruitless`: from this number, over a quarter. */
async function assertMaySearch(
  { personKey, now }: IdentityDeps,
  db: Database,
  { call, bucket, claim }: Searching,
): Promise<void> {
  const before = await searchesIn(db, call, searchesPerCall)
  if (before.length >= searchesPerCall) throw new Refused('too-many-searches')
  // Withheld calls are many people's, so only those for the same name count together.
  const isWithheld = bucket === callerMark(personKey, null)
  const since = now() - lockWindowMs
  const fruitless = await fruitlessSearches(db, { bucket, claim: isWithheld ? claim : null, since })
  if (isTooFruitless(fruitless, now())) throw new Refused('too-fruitless')
}
