/**
 * The right to each call and each request, decided here for every route that takes one. An agent sees their own, what
 * belongs to the present caller, and what they opened with a reason; anything else is refused, and the try is on
 * record. A route reads such an object through the functions of this file (test/hardening/objects.test.ts has a row
 * for every route).
 */
import { isExternal } from '../../core/contact.ts'
import type { FastifyRequest } from 'fastify'
import { basisOf, type Basis } from '../../city/access/basis.ts'
import type { OpenedObject } from '../../city/access/reason.ts'
import type { Access } from '../../city/journal/access-log-entry.ts'
import type { RequestId } from '../../city/requests/number.ts'
import { correctableMs } from '../../city/calls/wrap-up.ts'
import { isCallerPresent } from '../../core/call.ts'
import { CallId, type Millis } from '../../core/ids.ts'
import { isJustified } from '../../ledger/access/justified.ts'
import { callById, type CallQuestion, type CallRecord } from '../../ledger/calls/calls.ts'
import { recordAccess } from '../../ledger/journal/access-log.ts'
import { requestsOfCallback } from '../../ledger/calls/page-callbacks.ts'
import type { KeptRecording } from '../../ledger/recordings/recordings.ts'
import { isRequestFrom, requestById, type RequestRow } from '../../ledger/requests/lists.ts'
import { voicemailOf } from '../../ledger/voicemails/voicemails.ts'
import type { Account } from '../../people/accounts.ts'
import { digestOf } from '../../people/sessions.ts'
import type { RouteContext } from '../route-context.ts'
import { refuseUnsigned } from '../session/city-data.ts'
import { accountOf, mayUse } from '../session/session.ts'
import { Refused } from '../shell/problem.ts'
import { recordOf } from './call-record.ts'
import { isMessageOf, isVoicemailOf, servesVoicemail } from './voicemail-rights.ts'

/** The call that the agent is offered, is in, or wraps up. */
export interface PresentCall {
  readonly id: CallId
  /** Null when it is withheld, and of a citizen who is called until they answer. */
  readonly number: string | null
  /** About which they have asked on the public page to be called; none until they answer. */
  readonly requests: readonly string[]
}

export async function presentCall(
  context: RouteContext,
  { id: agent }: Account,
): Promise<PresentCall | null> {
  const id = context.hub.state.presentCall(agent)
  if (id === null) return null
  return { id, number: await presentNumber(context, id), requests: await presentRequests(context, id) }
}

async function presentRequests({ deps, hub }: RouteContext, call: CallId): Promise<readonly string[]> {
  const live = hub.state.call(call)
  if (live !== undefined) return isCallerPresent(live) ? (live.callback?.requests ?? []) : []
  return requestsOfCallback(deps.db, call)
}

async function presentNumber({ deps, hub }: RouteContext, call: CallId): Promise<string | null> {
  const live = hub.state.call(call)
  if (live !== undefined) return isCallerPresent(live) ? live.caller.number : null
  const record = await callById(deps.db, call)
  return record !== null && isCallerPresent(record) ? record.caller : null
}

/**
 * A call on record, for an account that may see it; the look is on record before the answer. The agent's present call
 * is shown without the signed agreement and without an entry: the desk needs it to work.
 * @throws {Refused} `no-such-call`, `needs-reason`, `agreement-unsigned`
 */
export async function seenCall(
  context: RouteContext,
  request: FastifyRequest,
  call: CallId,
): Promise<CallRecord> {
  const account = accountOf(request)
  const record = await recordOf(context, call)
  if (record === null) throw new Refused('no-such-call')
  const concerns = context.hub.state.concerns(call, account.id)
  const consults = isConsultedNow(context, call, account)
  if (concerns && !consults) return record
  if (consults) {
    await recordOnce(context, request, lookAt(call, account, { present: call, basis: 'consulted' }))
    return record
  }
  await refuseUnsigned(context.deps.db, account)
  const present = await presentCall(context, account)
  const basis = await assertBasis(context, request, { object: 'call', id: call, present }, () => ({
    seesAll: mayUse(account, ['supervisor', 'auditor']),
    isOwn: hasTalked(context, record, account) || isVoicemailOf(context, record.voicemail, account),
    isConsulted: wasConsulted(record, account),
    isOfCaller: isSame(record.caller, present),
  }))
  await recordOnce(context, request, lookAt(call, account, { present: present?.id ?? null, basis }))
  return record
}

const lookAt = (
  call: CallId,
  { id: account }: Account,
  { present, basis }: { readonly present: CallId | null; readonly basis: Basis },
): Access => ({
  kind: 'call',
  account,
  call: present,
  about: call,
  person: null,
  query: basis === 'role' ? null : basis,
})

/**
 * A request, for an account that may see it or act on it. Its contents are a look, which the route records.
 * @throws {Refused} `no-such-request`, `needs-reason`
 */
export async function seenRequest(
  context: RouteContext,
  request: FastifyRequest,
  id: RequestId,
): Promise<RequestRow> {
  const account = accountOf(request)
  const row = await requestById(context.deps.db, id)
  if (row === null) throw new Refused('no-such-request')
  const present = await presentCall(context, account)
  const isOfCaller = await isOfPresentCaller(context, row, present)
  await assertBasis(context, request, { object: 'request', id, present }, () => ({
    seesAll: mayUse(account, ['supervisor']),
    isOwn: row.agent === account.id,
    isConsulted: false,
    isOfCaller,
  }))
  return row
}

/**
 * The call, for an account that may open it as it is, without a reason; null otherwise. It answers no contents, so it is
 * no look.
 */
export async function openableCall(
  context: RouteContext,
  request: FastifyRequest,
  call: CallId,
): Promise<{ readonly call: CallId; readonly arrivedAt: Millis } | null> {
  const { db, now } = context.deps
  const account = accountOf(request)
  const record = await callById(db, call)
  if (record === null) return null
  const session = digestOf(request.signedIn?.token ?? '')
  const basis = basisOf({
    seesAll: mayUse(account, ['supervisor', 'auditor']),
    isOwn:
      hasTalked(context, record, account) ||
      isVoicemailOf(context, record.voicemail, account) ||
      context.hub.state.concerns(call, account.id),
    isConsulted: wasConsulted(record, account),
    isOfCaller: isSame(record.caller, await presentCall(context, account)),
    isJustified: await isJustified(db, { account: account.id, session, object: 'call', id: call }, now()),
  })
  return basis === null ? null : { call, arrivedAt: record.arrivedAt }
}

/** Which of these requests the account may open as they are, without a reason. It answers no contents. */
export async function openableRequests(
  context: RouteContext,
  request: FastifyRequest,
  rows: readonly RequestRow[],
): Promise<ReadonlySet<RequestId>> {
  const { db, now } = context.deps
  const account = accountOf(request)
  const session = digestOf(request.signedIn?.token ?? '')
  const present = await presentCall(context, account)
  const opens = await Promise.all(
    rows.map(async (row) =>
      basisOf({
        seesAll: mayUse(account, ['supervisor']),
        isOwn: mayUse(account, ['agent']) && row.agent === account.id,
        isConsulted: false,
        isOfCaller: await isOfPresentCaller(context, row, present),
        isJustified: await isJustified(
          db,
          { account: account.id, session, object: 'request', id: row.id },
          now(),
        ),
      }),
    ),
  )
  return new Set(rows.filter((_, at) => opens[at] !== null).map(({ id }) => id))
}

/**
 * The recording of a call: for its agents, supervisors and auditors. A reason does not open it to another agent.
 * @throws {Refused} `no-such-call`, `forbidden`
 */
export async function heardCall(context: RouteContext, account: Account, call: CallId): Promise<CallRecord> {
  const record = await callById(context.deps.db, call)
  if (record === null) throw new Refused('no-such-call')
  if (
    !mayUse(account, ['supervisor', 'auditor']) &&
    !isOwn(context, record, account) &&
    !isVoicemailOf(context, record.voicemail, account)
  )
    throw new Refused('forbidden')
  return record
}

/**
 * The segments of it that the account may hear, and whose manifests it sees: an agent, whatever else of the call they may
 * read, those that hold nobody's conversation but their own, and a message that is theirs to see to.
 */
export function heardSegments(
  context: RouteContext,
  account: Account,
  record: CallRecord,
): readonly KeptRecording[] {
  if (mayUse(account, ['supervisor', 'auditor'])) return record.segments
  const own = ownSegments(account, record)
  const hearsMessage = isVoicemailOf(context, record.voicemail, account)
  return record.segments.filter((one) => own.includes(one) || (hearsMessage && isMessageOf(one)))
}

/** For an account that may see to the message, also when it is closed. @throws {Refused} `no-such-voicemail`, `forbidden` */
export async function assertVoicemail(
  context: RouteContext,
  request: FastifyRequest,
  call: CallId,
): Promise<void> {
  const account = accountOf(request)
  const voicemail = await voicemailOf(context.deps.db, call)
  if (voicemail === null || voicemail.sound === 'silence') throw new Refused('no-such-voicemail')
  if (mayUse(account, ['supervisor']) || servesVoicemail(context, voicemail, account)) return
  await recordRefusal(context, request, call, await presentCall(context, account))
  throw new Refused('forbidden')
}

const ownSegments = ({ id }: Account, { segments }: CallRecord): readonly KeptRecording[] =>
  segments.filter(({ holds }) => holds.length > 0 && holds.every((agent) => agent === id))

/** The question for the calls that the account may list. An agent lists their own, or the present caller's. */
export async function listedCalls(
  context: RouteContext,
  account: Account,
  question: CallQuestion,
): Promise<CallQuestion | 'none'> {
  if (mayUse(account, ['supervisor', 'auditor'])) return question
  const present = await presentCall(context, account)
  if (isSame(question.caller ?? null, present)) return question
  if (question.agent !== undefined && question.agent !== account.id) return 'none'
  return { ...question, agent: account.id }
}

/**
 * Until when this account can complete and correct its own wrap-up form of a call: for a day after its part, also while
 * the call goes on with another agent; null: it had no part, the call is on the desk still, or the day is over.
 */
export function correctableUntil(context: RouteContext, account: Account, record: Parts): Millis | null {
  if (context.hub.state.concerns(record.id, account.id)) return null
  const partOver = partOverAt(context, record, account)
  if (partOver === null) return null
  const until = partOver + correctableMs
  return context.deps.now() < until ? until : null
}

/**
 * The right to write one's own form of a call and one's notes: for each agent who talked, while it is on the desk and
 * for a day after their part. An agent whom it only rings has not got it. @throws {Refused} `no-such-call`, `not-your-call`, `wrap-up-too-late`
 */
export async function assertOwnForm(
  context: RouteContext,
  account: Account,
  call: CallId,
): Promise<'on the desk' | 'later'> {
  const { deps, hub } = context
  if (hub.state.concerns(call, account.id)) {
    const live = hub.state.call(call)
    const talked = live?.legs.some(({ agent }) => agent === account.id) === true
    // A colleague who is asked aside does not know the caller, unless all three have talked before.
    const aside = !talked && isConsultedNow(context, call, account) && live?.consult?.seat !== 'room'
    if (aside && !(await hasTalkedBefore(context, account, call))) throw new Refused('not-your-call')
    if (!talked && hub.state.rings(call, account.id)) throw new Refused('not-your-call')
    return 'on the desk'
  }
  const record = await callById(deps.db, call)
  if (record === null) throw new Refused('no-such-call')
  if (!hasTalked(context, record, account)) throw new Refused('not-your-call')
  // The ledger does not have the end of the part yet.
  if (partOverAt(context, record, account) === null) return 'on the desk'
  if (correctableUntil(context, account, record) === null) throw new Refused('wrap-up-too-late')
  return 'later'
}

/**
 * The right to add a note to a call that is over: for its agents as `assertOwnForm` has it, and for supervisors.
 * @throws {Refused} `no-such-call`, `not-your-call`, `wrap-up-too-late`, `call-on-desk`
 */
export async function assertNotable(context: RouteContext, account: Account, call: CallId): Promise<void> {
  if (!mayUse(account, ['supervisor'])) {
    if ((await assertOwnForm(context, account, call)) === 'on the desk') throw new Refused('call-on-desk')
    return
  }
  if (context.hub.state.concerns(call, account.id)) throw new Refused('call-on-desk')
  const record = await callById(context.deps.db, call)
  if (record === null) throw new Refused('no-such-call')
  if (record.endedAt === null) throw new Refused('call-on-desk', null, [], notOver)
}

const notOver = {
  ro: 'Apelul nu s-a încheiat încă; notele se adaugă după sfârșitul lui.',
  en: 'The call is not over yet; notes are added after its end.',
}

/**
 * The right to act in a call (looks during it, drafts, registrations): for each agent of the call and for supervisors.
 * The live feed is asked first, because it has a call before the ledger does.
 * @throws {Refused} `no-such-call`, `not-your-call`
 */
export async function assertOwnCall(context: RouteContext, account: Account, call: CallId): Promise<void> {
  if (context.hub.state.concerns(call, account.id)) return
  const record = await callById(context.deps.db, call)
  if (record === null) throw new Refused('no-such-call')
  if (!hasTalked(context, record, account) && !mayUse(account, ['supervisor']))
    throw new Refused('not-your-call')
}

/**
 * The caller's number of a call whose caller is present, or of any call for supervisors: a past call does not open
 * what the citizen has asked for since. @throws {Refused} `no-such-call`, `not-your-call`, `not-in-a-call`
 */
export async function callerPresent(
  context: RouteContext,
  account: Account,
  call: CallId,
): Promise<string | null> {
  const { deps, hub } = context
  if (!hub.state.concerns(call, account.id)) {
    const record = await callById(deps.db, call)
    if (record === null) throw new Refused('no-such-call')
    if (!mayUse(account, ['supervisor']))
      throw new Refused(hasTalked(context, record, account) ? 'not-in-a-call' : 'not-your-call')
  }
  return presentNumber(context, call)
}

/** The call that a request names, checked against the account. Null: the request names none. */
export async function ownCall(
  context: RouteContext,
  account: Account,
  named: string | null | undefined,
): Promise<CallId | null> {
  if (named === null || named === undefined) return null
  const call = CallId(named)
  await assertOwnCall(context, account, call)
  return call
}

/**
 * Records a look that the same session has not had within some minutes. `asked` tells apart looks whose entries are the
 * same, because an entry holds no number.
 */
export async function recordOnce(
  { deps, recentLooks }: RouteContext,
  request: FastifyRequest,
  look: Access,
  asked = '',
): Promise<void> {
  const token = request.signedIn?.token ?? ''
  const { kind, call, about, query } = look
  const what = JSON.stringify([kind, call, about, query, asked])
  if (recentLooks.isKnown(token, what)) return
  await recordAccess(deps.db, look)
  recentLooks.add(token, what)
}

interface Asked {
  readonly object: OpenedObject
  readonly id: string
  readonly present: PresentCall | null
}

async function assertBasis(
  context: RouteContext,
  request: FastifyRequest,
  { object, id, present }: Asked,
  claim: () => Omit<Parameters<typeof basisOf>[0], 'isJustified'>,
): Promise<Basis> {
  const { id: account } = accountOf(request)
  const known = basisOf({ ...claim(), isJustified: false })
  if (known !== null) return known
  const { db, now } = context.deps
  const session = digestOf(request.signedIn?.token ?? '')
  const isOpened = await isJustified(db, { account, session, object, id }, now())
  const basis = basisOf({ ...claim(), isJustified: isOpened })
  if (basis !== null) return basis
  await recordRefusal(context, request, id, present)
  throw new Refused('needs-reason')
}

const recordRefusal = (
  context: RouteContext,
  request: FastifyRequest,
  about: string,
  present: PresentCall | null,
): Promise<void> =>
  recordOnce(context, request, {
    kind: 'refused',
    account: accountOf(request).id,
    call: present?.id ?? null,
    about,
    person: null,
    query: null,
  })

/** A colleague whom the agent of a call in progress asks: their phone rings, or they talk. */
function isConsultedNow({ hub }: RouteContext, call: CallId, { id }: Account): boolean {
  const asked = hub.state.call(call)?.consult?.offer
  return asked !== undefined && !isExternal(asked) && asked.agent === id
}

/** A colleague who was asked reads the call afterwards, as one who had it. */
const wasConsulted = ({ others }: CallRecord, { id }: Account): boolean =>
  others.some(({ role, agent }) => role === 'consulted' && agent.id === id)

/** Whether the account sees which supervisors were in a call, and how: an agent does not, whose call it is. */
export const seesSupervision = (account: Account): boolean => mayUse(account, ['supervisor', 'auditor'])

type Parts = Pick<CallRecord, 'id' | 'agent' | 'endedAt' | 'legs' | 'others'>

/**
 * A call belongs to every agent who has talked with its caller, also beside the one who served; one whom it only rang, or
 * who was asked aside, has no part in it.
 */
const hasTalked = (context: RouteContext, record: Parts, account: Account): boolean =>
  partsOf(context, record, account).length > 0

async function hasTalkedBefore(context: RouteContext, account: Account, call: CallId): Promise<boolean> {
  const record = await callById(context.deps.db, call)
  return record !== null && hasTalked(context, record, account)
}

/** When the account's part in the call was over; null: it had none, or it is not over. */
function partOverAt(context: RouteContext, record: Parts, account: Account): Millis | null {
  const parts = partsOf(context, record, account)
  return parts.reduce<Millis | null>(
    (last, until) => (last === null || until === null ? null : Math.max(last, until)),
    parts.length === 0 ? null : 0,
  )
}

/** The ends of the account's parts in the call; null: not over. The live feed has them before the ledger does. */
function partsOf(
  { hub }: RouteContext,
  { id, agent, endedAt, legs, others }: Parts,
  account: Account,
): (Millis | null)[] {
  const live = hub.state.call(id)?.legs.map((leg) => ({ ...leg, agent: { id: leg.agent } }))
  const talked = [
    ...(endedAt === null ? (live ?? legs) : legs),
    ...others.filter(({ withCaller }) => withCaller),
  ]
  const own = talked.filter((leg) => leg.agent.id === account.id)
  if (own.length > 0) return own.map(({ until }) => until)
  // A row without legs that Asterisk's record has completed, or a citizen whom the agent called and did not reach.
  return endedAt !== null && agent?.id === account.id ? [endedAt] : []
}

/** Also one whom Asterisk's record, which names the last agent, does not name. */
const isOwn = (context: RouteContext, record: CallRecord, account: Account): boolean =>
  hasTalked(context, record, account) ||
  wasConsulted(record, account) ||
  ownSegments(account, record).length > 0

/** Also a request that a colleague registered earlier in the present call: its caller may have withheld the number. */
const isOfPresentCaller = async (
  { deps }: RouteContext,
  { id, call }: RequestRow,
  present: PresentCall | null,
): Promise<boolean> =>
  present !== null &&
  (call === present.id ||
    present.requests.includes(id) ||
    (present.number !== null && (await isRequestFrom(deps.db, id, present.number))))

/** A withheld number is nobody's. */
const isSame = (number: string | null, present: PresentCall | null): boolean =>
  number !== null && present !== null && number === present.number
