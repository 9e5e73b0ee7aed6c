/** Judges the caller's answers as a whole. After too many failures the telephone channel is locked for the person. */
import { allRight } from '../../city/identity/compare.ts'
import { grantMs } from '../../city/identity/grant.ts'
import { standingFrom, type Verdict as Judgement } from '../../city/identity/history.ts'
import { lockWindowMs, mustLock } from '../../city/identity/lock.ts'
import type { CheckId } from '../../city/identity/standing.ts'
import { accountParts } from '../../city/taxes/account.ts'
import { factsOf } from '../../city/taxes/facts.ts'
import type { AgentId, CallId } from '../../core/ids.ts'
import type { Database } from '../../ledger/database.ts'
import {
  addVerdict,
  checkById,
  checksIn,
  holdCheck,
  type IdentityCheck,
} from '../../ledger/identity/checks.ts'
import { lastUnlocked, lockChannel, lockOf, triedSince } from '../../ledger/identity/locks.ts'
import { iso } from '../shell/iso-time.ts'
import { Refused } from '../shell/problem.ts'
import type { Verdict } from './wire.ts'
import { factsIn } from './ask-questions.ts'
import { accountOf, callOfNow, recordCallAccess, type IdentityDeps } from './live-call.ts'
import { bucketOf } from './lock-now.ts'

/** `said`: the answers by question id. The first answers count; when sent again, they get the same verdict. */
export async function judgeAnswers(
  deps: IdentityDeps,
  agent: AgentId,
  id: CheckId,
  said: ReadonlyMap<string, string>,
): Promise<Verdict> {
  const call = await callOfNow(deps, agent)
  const asked = await checkIn(deps.db, call, id)
  const judgement = asked.verdict ?? (await judge(deps, asked, said))
  return deps.db.transaction().execute(async (trx) => {
    await holdCheck(trx, call, asked.person)
    await write(deps, trx, asked, { agent, judgement })
    const verdict = await verdictOf(deps, trx, asked)
    await recordCallAccess(trx, 'verdict', `check ${id} ${verdict.verdict}`, {
      agent,
      call,
      person: asked.person,
    })
    return verdict
  })
}

async function checkIn(db: Database, call: CallId, id: CheckId): Promise<IdentityCheck> {
  const check = await checkById(db, id)
  if (check === null || check.call !== call) throw new Refused('no-such-check')
  return check
}

async function judge(
  deps: IdentityDeps,
  asked: IdentityCheck,
  said: ReadonlyMap<string, string>,
): Promise<Judgement> {
  const facts = factsIn(asked, factsOf(await accountOf(deps, asked.taxpayer, accountParts)))
  if (facts === null) return 'void'
  return allRight(facts, said) ? 'passed' : 'failed'
}

async function write(
  deps: IdentityDeps,
  trx: Database,
  { check, call, person }: IdentityCheck,
  { agent, judgement }: { readonly agent: AgentId; readonly judgement: Judgement },
): Promise<void> {
  const { now } = deps
  const lock = await lockOf(trx, person, await bucketOf(deps, trx, call), now())
  const standing = standingFrom(await checksIn(trx, call), person)
  // Meanwhile another call may have locked the channel, or the call's last attempt may have failed for another
  // person.
  const isStillOpen = lock === null && standing.state === 'asking' && standing.check === check
  await addVerdict(trx, {
    check,
    agent,
    verdict: !isStillOpen && judgement === 'passed' ? 'failed' : judgement,
  })
  if (lock !== null) return
  const tried = await triedSince(trx, person, now() - lockWindowMs)
  if (mustLock(tried, await lastUnlocked(trx, person, null), now())) await lockChannel(trx, { person, check })
}

/** Read back from the ledger: of two answers to one set, the first one's verdict counts. */
async function verdictOf(
  deps: IdentityDeps,
  trx: Database,
  { check, call, person }: IdentityCheck,
): Promise<Verdict> {
  const sets = await checksIn(trx, call)
  const own = sets.find((set) => set.check === check)
  switch (own?.verdict) {
    case 'passed':
      return { verdict: 'passed', until: iso((own.judgedAt ?? 0) + grantMs) }
    case 'void':
      return { verdict: 'void' }
    case 'failed': {
      const mayTry = standingFrom(sets, person).state === 'unasked'
      const lock = await lockOf(trx, person, await bucketOf(deps, trx, call), deps.now())
      return { verdict: 'failed', again: mayTry && lock === null }
    }
    case null:
    case undefined:
      throw new Error('A check that was judged has no verdict')
  }
}
