/**
 * A scripted agent calls a citizen back: one whom they have missed, or this caller, to tell the number of their request or
 * what they have found out.
 */
import { randomUUID } from 'node:crypto'
import type { UnansweredOffers } from '../../src/http/calls/wire.ts'
import type { CallOut } from '../../src/http/outbound/wire.ts'
import type { ReadOut, RequestForm } from '../../src/http/requests/wire.ts'
import { unlessRefused, type Api } from './api.ts'
import type { CallerProfile } from './calls/caller-profiles.ts'

export interface CallingBack {
  readonly api: Api
  /** The call that is in wrap-up, and its caller. */
  readonly callId: string
  readonly person: CallerProfile
  /** Missed calls that were returned, or tried, before. */
  readonly returned: Set<string>
}

/** Called about this request; null: not about a request. */
export interface CalledBack {
  readonly request: string | null
}

/** Resolves once the agent's own phone is about to ring; null: there is nobody to call, or it is not possible now. */
export async function callBack({ api, callId, person, returned }: CallingBack): Promise<CalledBack | null> {
  try {
    const { items } = await api.get<UnansweredOffers>('/api/calls/unanswered')
    const missed = items.find(
      ({ call, isLost, callerEnding }) => isLost && callerEnding !== null && !returned.has(call),
    )
    if (missed !== undefined) {
      returned.add(missed.call)
      return await out(api, { call: missed.call }, null)
    }
    if (person.number === null || person.concern.idle !== undefined) return null
    const request = await register(api, callId, person)
    return await out(api, request === null ? { call: callId } : { request }, request)
  } catch (error) {
    // The next caller rings already, or the agent has not signed the agreement.
    unlessRefused(error, 403, 409)
    return null
  }
}

/** Records that the citizen knows number and date of their request. */
export async function told(api: Api, request: string, callId: string): Promise<void> {
  await api.ask('POST', `/api/requests/${request}/tellings`, { how: 'later', call: callId })
}

async function out(api: Api, whom: CallOut, request: string | null): Promise<CalledBack> {
  await api.ask('POST', '/api/me/call-out', whom)
  return { request }
}

/** The number of the caller's request; null: their concern is none, or they cannot be called. */
async function register(
  api: Api,
  callId: string,
  { name, number, concern }: CallerProfile,
): Promise<string | null> {
  if (concern.request === undefined || number === null) return null
  const { category, street, text } = concern.request
  const nowhere = { street: '', number: '', more: '', locality: '' }
  const person = { name, phone: number ?? '', email: '', address: nowhere }
  const place = { ...nowhere, street }
  const form: RequestForm = { kind: 'notice', category, person, place, text, fields: {} }
  const answer = await api.ask('POST', '/api/requests', { draft: randomUUID(), call: callId, form })
  return ((await answer.json()) as ReadOut).id
}
