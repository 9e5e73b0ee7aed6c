/** Routes that change a request's status: extension, redirection, joining, answer, filing, reopening. */
import type { Static } from 'typebox'
import { cleanLine, cleanText } from '../../city/requests/text.ts'
import { idOf, readNumber, RequestId } from '../../city/requests/number.ts'
import type { StatusEvent } from '../../city/requests/standing.ts'
import { dateAt } from '../../core/local-time.ts'
import { requestById } from '../../ledger/requests/lists.ts'
import { addStatus, type Added } from '../../ledger/requests/statuses.ts'
import type { RouteContext } from '../route-context.ts'
import type { App } from '../app.ts'
import { refusals } from '../shell/documented.ts'
import { Refused } from '../shell/problem.ts'
import { requestItem } from './view.ts'
import type { Code } from '../shell/sentences.ts'
import { accountOf } from '../session/session.ts'
import { AddStatus, RequestItem, RequestParams } from './wire.ts'

const codes = {
  unknown: 'no-such-request',
  closed: 'request-closed',
  'not closed': 'request-not-closed',
  'extended already': 'extended-already',
  'extension too long': 'extension-too-long',
  'told too late': 'told-too-late',
  'not told yet': 'wrong-day-told',
  itself: 'joined-to-none',
  'joined to none': 'joined-to-none',
} as const satisfies Record<Extract<Added, { ok: false }>['why'], Code>

export function requestStatusRoutes(app: App, { deps }: RouteContext): void {
  const { db, now, workingDays, settings } = deps

  app.post(
    '/api/requests/:id/statuses',
    {
      config: { access: ['supervisor'], cityData: true },
      schema: {
        operationId: 'addRequestStatus',
        tags: ['requests'],
        summary: 'Add a status; earlier ones stay',
        params: RequestParams,
        body: AddStatus,
        response: { 201: RequestItem, ...refusals(400, 401, 403, 404, 409, 503) },
      },
    },
    async (request, reply) => {
      const id = RequestId(request.params.id)
      const event = eventOf(request.body, settings.registrationPrefix)
      const note = cleanText(request.body.note ?? '')
      if (note === '' && needsNote(event.kind)) missing('note')
      if (event.kind === 'extended' && event.notice === null) throw new Refused('extension-untold')
      const by = accountOf(request).id
      const today = dateAt(now())
      const added = await addStatus(db, { request: id, event, note, by, call: null }, today, workingDays())
      if (!added.ok) throw new Refused(codes[added.why])
      const row = await requestById(db, id)
      if (row === null) throw new Refused('no-such-request')
      return reply.code(201).send(requestItem(row, today))
    },
  )
}

/**
 * Steps that the citizen has a right to see explained: an extension with its reason (OG 27/2002 art. 9), an answer with
 * its text, and a filing with its ground (art. 7 and 10).
 */
const needsNote = (kind: StatusEvent['kind']): boolean =>
  kind === 'extended' || kind === 'answered' || kind === 'filed'

function eventOf(body: Static<typeof AddStatus>, prefix: string): StatusEvent {
  const { kind } = body
  switch (kind) {
    case 'answered':
    case 'filed':
    case 'reopened':
      return { kind }
    case 'in progress':
      return { kind, department: body.department === undefined ? null : line(body.department, 'department') }
    case 'extended':
      return { kind, days: body.days ?? missing('days'), notice: body.told ?? null }
    case 'redirected':
      return { kind, authority: line(body.authority, 'authority') }
    case 'joined': {
      const to = readNumber(body.to ?? missing('to'), prefix)
      if (to === null) throw new Refused('joined-to-none')
      return { kind, to: idOf(to) }
    }
  }
}

/** A required line of text, cleaned; blank counts as missing. */
function line(text: string | undefined, field: string): string {
  const cleaned = cleanLine(text ?? '')
  return cleaned === '' ? missing(field) : cleaned
}

function missing(field: string): never {
  throw new Refused('validation', null, [{ field, accepted: 'required for this kind' }])
}
