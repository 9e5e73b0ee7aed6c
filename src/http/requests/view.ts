/** Requests as the wire has them. */
import type { Day } from '../../city/day.ts'
import { writtenNumber } from '../../city/requests/number.ts'
import { duenessOn } from '../../city/requests/standing.ts'
import { termOn } from '../../city/requests/terms.ts'
import type { CallId, Millis } from '../../core/ids.ts'
import type { RequestDetails } from '../../ledger/requests/details.ts'
import type { RequestRow } from '../../ledger/requests/lists.ts'
import type { StatusRow } from '../../ledger/requests/statuses.ts'
import type { toldAt } from '../../ledger/requests/tellings.ts'
import type { Registered } from '../../ledger/requests/register.ts'
import { iso } from '../shell/iso-time.ts'
import type { ReadOut, RequestDetail, RequestItem } from './wire.ts'

export function readOut(registered: Registered): ReadOut {
  const { id, registeredAt, registeredOn, kind, category, standing, code } = registered
  return {
    id,
    number: writtenNumber(id, registeredOn),
    registeredAt: iso(registeredAt),
    registeredOn,
    announcedOn: standing.announcedOn,
    legalEndOn: standing.legalEndOn,
    department: standing.department,
    category,
    kind,
    code,
  }
}

export function requestItem(row: RequestRow, today: Day): RequestItem {
  const { id, registeredAt, registeredOn, kind, category, standing, call } = row
  return {
    id,
    number: writtenNumber(id, registeredOn),
    registeredAt: iso(registeredAt),
    registeredOn,
    kind,
    category,
    state: standing.state,
    dueness: duenessOn(today, standing),
    department: standing.department,
    toHead: standing.toHead,
    announcedOn: standing.announcedOn,
    legalEndOn: standing.legalEndOn,
    extended: standing.extended,
    call,
  }
}

interface Parts {
  readonly row: RequestRow
  readonly details: RequestDetails | null
  readonly history: readonly StatusRow[]
  readonly told: Awaited<ReturnType<typeof toldAt>>
  /** The name of the agent who registered it. */
  readonly agent: string
  readonly registeredIn: { readonly call: CallId; readonly arrivedAt: Millis } | null
}

export function requestDetail(
  { row, details, history, told, agent, registeredIn }: Parts,
  today: Day,
): RequestDetail {
  const { request, number, day, lateness, verified } = row.about
  const { countedFrom } = row.standing
  const { extensionDays, extensionLaw } = termOn(row.regime, countedFrom)
  return {
    ...requestItem(row, today),
    agent,
    anonymous: row.anonymous,
    countedFrom,
    extension: { daysMax: extensionDays, law: extensionLaw },
    details: details === null ? null : { ...details, fields: { ...details.fields } },
    about:
      lateness === null
        ? null
        : { request, number, day, lateness, verified: request !== null || verified === true },
    told: told === null ? null : { at: iso(told.at), how: told.how },
    registeredIn:
      registeredIn === null ? null : { call: registeredIn.call, arrivedAt: iso(registeredIn.arrivedAt) },
    history: history.map(({ toldBy: by, toldOn: on, ...status }) => ({
      ...status,
      at: iso(status.at),
      told: by === null || on === null ? null : { by, on },
    })),
  }
}
