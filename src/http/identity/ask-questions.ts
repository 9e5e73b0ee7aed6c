/** Chooses three questions about a match, or the reason why none can be asked. Unanswered questions are repeated. */
import { drawQuestions, noRepeatMs } from '../../city/identity/draw.ts'
import { grantedTo } from '../../city/identity/grant.ts'
import { standingFrom } from '../../city/identity/history.ts'
import { attemptsPerCall, CheckId, hasAttempt } from '../../city/identity/standing.ts'
import { accountParts, type TaxAccount } from '../../city/taxes/account.ts'
import { factsOf, type Fact } from '../../city/taxes/facts.ts'
import type { AgentId } from '../../core/ids.ts'
import type { Database } from '../../ledger/database.ts'
import {
  addCheck,
  addVerdict,
  checksIn,
  earlierSets,
  holdCheck,
  type IdentityCheck,
} from '../../ledger/identity/checks.ts'
import type { Question, QuestionsAnswer } from './wire.ts'
import { iso } from '../shell/iso-time.ts'
import { accountOf, callOfNow, recordCallAccess, type IdentityDeps } from './live-call.ts'
import { bucketOf, lockNow } from './lock-now.ts'
import { matchIn, type Match } from './match.ts'

/** More question sets than any person gets in 90 days; beyond it the oldest are ignored. */
const earlierMax = 500

export async function askQuestions(
  deps: IdentityDeps,
  agent: AgentId,
  handle: string,
): Promise<QuestionsAnswer> {
  const call = await callOfNow(deps, agent)
  const match = await matchIn(deps.db, call, handle)
  const account = await accountOf(deps, match.taxpayer, accountParts)
  return deps.db.transaction().execute(async (trx) => {
    await holdCheck(trx, call, match.person)
    const answer = await ask(deps, trx, { agent, match, account })
    await recordCallAccess(trx, 'question-set', aboutOf(answer, handle), {
      agent,
      call,
      person: match.person,
    })
    return answer
  })
}

interface Asking {
  readonly agent: AgentId
  readonly match: Match
  readonly account: TaxAccount
}

async function ask(deps: IdentityDeps, trx: Database, asking: Asking): Promise<QuestionsAnswer> {
  const { agent, match, account } = asking
  const { call, person } = match
  const lock = await lockNow(deps, trx, { call, person, bucket: await bucketOf(deps, trx, call) })
  if (lock !== null)
    return { state: 'refused', why: lock.until === null ? 'locked' : 'number locked', lock: lock.id }
  // Heirs must come to the counter with the death certificate; no questions are asked about a deceased person.
  if (account.deceased !== null) return refused('deceased')
  const sets = await checksIn(trx, call)
  const standing = standingFrom(sets, person)
  const facts = factsOf(account)
  switch (standing.state) {
    case 'exhausted':
      return refused('no attempts')
    case 'asking': {
      const open = sets.find(({ check }) => check === standing.check)
      const asked = open === undefined ? null : factsIn(open, facts)
      if (asked !== null) return questions(standing.check, asked, standing.failures)
      await addVerdict(trx, { check: standing.check, agent, verdict: 'void' })
      return drawn(deps, trx, asking, facts, standing.failures)
    }
    case 'passed': {
      const grant = grantedTo(agent, standing, deps.now())
      if (grant.state !== 'none') return { state: grant.state, until: iso(grant.until) }
      // The grant has expired.
      return hasAttempt(standing)
        ? drawn(deps, trx, asking, facts, standing.failures)
        : refused('no attempts')
    }
    case 'unasked':
      return drawn(deps, trx, asking, facts, standing.failures)
  }
}

async function drawn(
  deps: IdentityDeps,
  trx: Database,
  { agent, match }: Asking,
  facts: readonly Fact[],
  failures: number,
): Promise<QuestionsAnswer> {
  const { handle, call, person, taxpayer } = match
  const since = deps.now() - noRepeatMs
  const earlier = await earlierSets(trx, person, { call, since, limit: earlierMax })
  const set = drawQuestions(facts, earlier, deps.pick)
  if (set === null) return refused('too few facts')
  const ids = set.map(({ id }) => id)
  const check = await addCheck(trx, { search: handle, call, agent, person, taxpayer, facts: ids })
  return questions(check, set, failures)
}

/** The facts of a set in the order in which they were asked; null when one of them is gone. */
export function factsIn({ facts: ids }: Pick<IdentityCheck, 'facts'>, facts: readonly Fact[]): Fact[] | null {
  const found = ids.flatMap((id) => facts.filter((fact) => fact.id === id))
  return found.length === ids.length ? found : null
}

const refused = (why: Extract<QuestionsAnswer, { state: 'refused' }>['why']): QuestionsAnswer => ({
  state: 'refused',
  why,
  lock: null,
})

function questions(check: CheckId, facts: readonly Fact[], failures: number): QuestionsAnswer {
  return {
    state: 'asking',
    check,
    lastAttempt: failures + 1 >= attemptsPerCall,
    questions: facts.map(questionOf),
  }
}

/** Copied field by field, so that the expected answer cannot leave the server. */
function questionOf({ id, topic, subject }: Fact): Question {
  return subject.of === 'objects'
    ? { id, topic, kind: subject.kind, which: subject.which, year: null }
    : { id, topic, kind: null, which: null, year: subject.year }
}

function aboutOf(answer: QuestionsAnswer, handle: string): string {
  switch (answer.state) {
    case 'asking':
      return `check ${answer.check}`
    case 'refused':
      return `${handle} ${answer.why}`
    case 'granted':
    case 'to confirm':
      return `${handle} ${answer.state}`
  }
}
