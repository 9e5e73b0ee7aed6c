/** The right of an agent to a person's data at this moment, checked whenever a section of an account is opened. */
import { grantedTo, type Grant } from '../../city/identity/grant.ts'
import { standingFrom } from '../../city/identity/history.ts'
import { initials } from '../../city/identity/mask.ts'
import { searchesPerCall } from '../../city/identity/search.ts'
import { hasAttempt, type Standing } from '../../city/identity/standing.ts'
import type { TaxpayerId } from '../../city/taxes/account.ts'
import type { AgentId, Millis } from '../../core/ids.ts'
import { addConfirmation, checksIn, holdCheck, searchesIn } from '../../ledger/identity/checks.ts'
import { iso } from '../shell/iso-time.ts'
import { Refused } from '../shell/problem.ts'
import type { IdentityState } from './wire.ts'
import { callOfNow, consultedCall, recordCallAccess, type IdentityDeps } from './live-call.ts'
import { matchIn } from './match.ts'

type GrantDeps = Pick<IdentityDeps, 'db' | 'activeCall' | 'askedAbout' | 'now'>
type StateDeps = GrantDeps & Pick<IdentityDeps, 'fiscal'>

/**
 * The grant behind a handle, for the agent in their present call, or for one whom its agent asks about it. Every route that shows fiscal data must call
 * this first, each time, and record the access with the grant's call and person.
 * @throws {Refused} `not-in-a-call`, `no-such-match`, `no-grant`
 */
export async function grantFor(deps: GrantDeps, agent: AgentId, handle: string): Promise<Grant> {
  const present = await consultedCall(deps, agent)
  if (present === null) throw new Refused('not-in-a-call')
  const { call, holder } = present
  const { person, taxpayer } = await matchIn(deps.db, call, handle)
  const standing = standingFrom(await checksIn(deps.db, call), person)
  const granted = grantedTo(holder, standing, deps.now())
  if (granted.state !== 'granted') throw new Refused('no-grant')
  return { call, agent, taxpayer, person, until: granted.until }
}

/** The agent who received a transferred call confirms that the caller is still the same person. */
export async function confirmPerson(deps: StateDeps, agent: AgentId, handle: string): Promise<IdentityState> {
  const call = await callOfNow(deps, agent)
  const { person } = await matchIn(deps.db, call, handle)
  await deps.db.transaction().execute(async (trx) => {
    await holdCheck(trx, call, person)
    const standing = standingFrom(await checksIn(trx, call), person)
    const granted = grantedTo(agent, standing, deps.now())
    if (standing.state !== 'passed' || granted.state === 'none') throw new Refused('no-grant')
    if (granted.state === 'to confirm') await addConfirmation(trx, { check: standing.check, agent })
    await recordCallAccess(trx, 'verdict', `check ${standing.check} confirmed`, { agent, call, person })
  })
  return identityState(deps, agent)
}

/**
 * The persons found in the present call, latest first. A person whom this agent may consult comes with initials and the
 * masked identifier, under the verdict's entry in the access log; of the others there is nothing but the state.
 */
export async function identityState(deps: StateDeps, agent: AgentId): Promise<IdentityState> {
  const present = await consultedCall(deps, agent)
  if (present === null) return { call: null, people: [] }
  const { call, holder } = present
  const [searches, sets] = await Promise.all([
    searchesIn(deps.db, call, searchesPerCall),
    checksIn(deps.db, call),
  ])
  const found = searches.filter(({ taxpayer }) => taxpayer !== null)
  const latest = found.filter((one, at) => found.findIndex(({ person }) => person === one.person) === at)
  const standingOf = (person: string) => shown(standingFrom(sets, person), holder, deps.now())
  // The verdict's entry in the access log is the one of the agent who checked: an agent who is asked has none before
  // they open a section.
  const granted = latest.map(async ({ person, taxpayer }) =>
    holder === agent && taxpayer !== null && standingOf(person).state === 'granted'
      ? masked(deps, taxpayer)
      : null,
  )
  const who = await Promise.all(granted)
  // The fiscal database can take seconds to answer: the call may have ended, and a grant may have run out.
  const now = await consultedCall(deps, agent)
  if (now?.call !== call || now.holder !== holder) return identityState(deps, agent)
  const people = latest
    .map(({ id, person }, at) => {
      const standing = standingOf(person)
      return { handle: id, ...standing, who: standing.state === 'granted' ? (who[at] ?? null) : null }
    })
    // One who is only asked checks and confirms nobody.
    .filter(({ state }) => holder === agent || state === 'granted')
  return { call, people }
}

/** Null while the fiscal database does not answer: the grant is shown without it. */
async function masked(
  { fiscal }: Pick<IdentityDeps, 'fiscal'>,
  taxpayer: TaxpayerId,
): Promise<IdentityState['people'][number]['who']> {
  const answer = await fiscal.account(taxpayer, [])
  if (answer.outcome !== 'account') return null
  const { kind, name, maskedIdentifier } = answer.account
  return { kind, initials: initials(name, kind), maskedIdentifier }
}

type Shown = Pick<IdentityState['people'][number], 'state' | 'until'>

function shown(standing: Standing, agent: AgentId, now: Millis): Shown {
  switch (standing.state) {
    case 'unasked':
    case 'asking':
      return { state: standing.state, until: null }
    case 'exhausted':
      return { state: 'no attempts', until: null }
    case 'passed': {
      const granted = grantedTo(agent, standing, now)
      return granted.state === 'none'
        ? { state: hasAttempt(standing) ? 'run out' : 'no attempts', until: null }
        : { state: granted.state, until: iso(granted.until) }
    }
  }
}
