/** Registration of requests, and the record that the citizen was told the number. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Day } from '../../city/day.ts'
import { categories, lateAnswer } from '../../city/requests/categories.ts'
import { departments } from '../../city/requests/departments.ts'
import { checked, type RequestForm as Form } from '../../city/requests/form.ts'
import { complaintText, type About, type Lateness } from '../../city/requests/late-complaint.ts'
import { readDay, RequestId } from '../../city/requests/number.ts'
import { begun, duenessOn, isOpen, type Beginning, type Standing } from '../../city/requests/standing.ts'
import { streetNames } from '../../city/requests/street-names.ts'
import type { AgentId, CallId } from '../../core/ids.ts'
import { dateAt } from '../../core/local-time.ts'
import { detailsOf } from '../../ledger/requests/details.ts'
import { requestById } from '../../ledger/requests/lists.ts'
import { recordTelling } from '../../ledger/requests/tellings.ts'
import { raiseNextNumber, register, type Registration } from '../../ledger/requests/register.ts'
import { callerFrom } from '../../core/phone-number.ts'
import type { RouteContext } from '../route-context.ts'
import type { App } from '../app.ts'
import { done, refusals } from '../shell/documented.ts'
import { ownCall, seenRequest } from '../access/rights.ts'
import { Refused } from '../shell/problem.ts'
import { findRecorded } from '../documents/find-recorded.ts'
import { draftsCall } from './drafts-routes.ts'
import { readOut } from './view.ts'
import { wrongParts } from './validation-messages.ts'
import { languageOf, type Language } from '../shell/language.ts'
import { accountOf } from '../session/session.ts'
import {
  ComplainOf,
  RaiseNumber,
  ReadOut,
  RegisterRequest,
  RequestCatalogue,
  RequestParams,
  TellRequest,
} from './wire.ts'

const writers = { access: ['agent', 'supervisor'], cityData: true } as const

export function requestRoutes(app: App, context: RouteContext): void {
  registeringRoutes(app, context)
  tellingRoutes(app, context)
}

function registeringRoutes(app: App, context: RouteContext): void {
  const { db, now, workingDays } = context.deps

  app.get(
    '/api/requests/catalogue',
    {
      config: writers,
      schema: {
        operationId: 'requestCatalogue',
        tags: ['requests'],
        summary: 'Categories with their fields, and the street register',
        response: { 200: RequestCatalogue, ...refusals(401, 403, 503) },
      },
    },
    async () => catalogue,
  )

  app.post(
    '/api/requests',
    {
      config: writers,
      schema: {
        operationId: 'registerRequest',
        tags: ['requests'],
        summary: 'Register a draft; registering the same draft again answers the same number',
        body: RegisterRequest,
        response: { 200: ReadOut, 201: ReadOut, ...refusals(400, 401, 403, 404, 409, 503) },
      },
    },
    async (request, reply) => {
      const account = accountOf(request)
      const { draft, form, elsewhere, joinTo } = request.body
      const call = await draftsCall(context, account, draft, request.body.call)
      const kept = keptForm(request, form)
      const about =
        elsewhere === undefined
          ? null
          : await aboutElsewhere(context, request, {
              ...elsewhere,
              name: elsewhere.name ?? kept.form.person?.name ?? '',
              account: account.id,
              call,
            })
      const { regime, department, targetDays } = kept.category
      const beginning = { regime, department, targetDays, toHead: about !== null }
      const joined = joinTo === undefined ? null : await joinable(RequestId(joinTo))
      const agent = account.id
      return registered(reply, { draft, form: kept.form, beginning, about, agent, call, joinTo: joined })
    },
  )

  app.post(
    '/api/requests/:id/complaint',
    {
      config: writers,
      schema: {
        operationId: 'complainOfRequest',
        tags: ['requests'],
        summary: 'Register a complaint about a late answer, addressed to the head of the department',
        params: RequestParams,
        body: ComplainOf,
        response: { 200: ReadOut, 201: ReadOut, ...refusals(400, 401, 403, 404, 409, 503) },
      },
    },
    async (request, reply) => {
      const account = accountOf(request)
      const id = RequestId(request.params.id)
      const call = await ownCall(context, account, request.body.call)
      const row = await seenRequest(context, request, id)
      const details = await detailsOf(db, id)
      if (details === null) throw new Refused('no-such-request')
      const { standing, registeredOn } = row
      const lateness = latenessOf(standing, dateAt(now()))
      const { announcedOn, legalEndOn, department } = standing
      const text = complaintText(id, registeredOn, { announcedOn, legalEndOn, lateness })
      const { person, place } = details
      const form: Form = { kind: 'complaint', category: lateAnswer, person, place, text, fields: {} }
      const beginning: Beginning = { regime: 'petition', department, toHead: true, targetDays: null }
      const about: About = { request: id, registeredOn, lateness }
      const { draft } = request.body
      return registered(reply, { draft, form, beginning, about, agent: account.id, call, joinTo: null })
    },
  )

  async function joinable(id: RequestId): Promise<RequestId> {
    const row = await requestById(db, id)
    if (row === null || !isOpen(row.standing.state)) throw new Refused('joined-to-none')
    return id
  }

  async function registered(reply: FastifyReply, registration: Omit<Registration, 'prefix'>) {
    const prefix = context.deps.settings.registrationPrefix
    const answer = await register(db, { ...registration, prefix }, workingDays())
    if (answer === null) throw new Refused('draft-taken')
    return reply.code(answer.isNew ? 201 : 200).send(readOut(answer))
  }
}

function tellingRoutes(app: App, context: RouteContext): void {
  const { db } = context.deps

  app.post(
    '/api/requests/:id/tellings',
    {
      config: writers,
      schema: {
        operationId: 'tellRequest',
        tags: ['requests'],
        summary: 'Record that the citizen was told number and date, or could not be reached',
        params: RequestParams,
        body: TellRequest,
        response: { 204: done, ...refusals(400, 401, 403, 404, 503) },
      },
    },
    async (request, reply) => {
      const account = accountOf(request)
      const id = RequestId(request.params.id)
      const call = await ownCall(context, account, request.body.call)
      await seenRequest(context, request, id)
      await recordTelling(db, { request: id, agent: account.id, call, how: request.body.how })
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/api/requests/next-number',
    {
      config: { access: ['administrator'] },
      schema: {
        operationId: 'raiseRequestNumber',
        tags: ['requests'],
        summary: 'Raise the next registration number, for a year that began in another register',
        body: RaiseNumber,
        response: { 204: done, ...refusals(400, 401, 403, 409, 503) },
      },
    },
    async (request, reply) => {
      const { next, reason } = request.body
      const raised = await raiseNextNumber(db, { next, reason, by: accountOf(request).id })
      if (raised === 'too low') throw new Refused('number-too-low')
      return reply.code(204).send(null)
    },
  )
}

const catalogue = {
  categories: categories.map(({ id, name, department, targetDays, anonymous, place, said, fields }) => ({
    id,
    name,
    department,
    targetDays,
    anonymous,
    place,
    said: [...said],
    fields: fields.map((field) => ({
      ...field,
      choices: field.choices === null ? null : [...field.choices],
    })),
  })),
  departments: Object.values(departments),
  streets: [...streetNames],
}

/** The checked form, with the telephone number normalised so that the next call from it finds the request. */
function keptForm(request: FastifyRequest, form: Form) {
  const { person } = form
  const phone = person === null ? '' : (callerFrom(person.phone, '').number ?? '')
  const answer = checked({ ...form, person: person === null ? null : { ...person, phone } })
  if (answer.ok) return answer
  const language = languageOf(request.headers['accept-language'])
  throw new Refused('validation', null, wrongParts(answer.wrong, language))
}

interface PaperElsewhere {
  readonly number: string
  readonly day: string
  readonly name: string
  readonly account: AgentId
  readonly call: CallId | null
}

/** The deadline of a document filed elsewhere is counted from its day, as the caller reads it out. */
async function aboutElsewhere(
  { deps }: RouteContext,
  request: FastifyRequest,
  paper: PaperElsewhere,
): Promise<About> {
  const today = dateAt(deps.now())
  const day = readDay(paper.day)
  if (day === null || day > today || day < '2002-02-01')
    throw new Refused('validation', null, wrongDay(languageOf(request.headers['accept-language'])))
  const beginning: Beginning = { regime: 'petition', department: '', toHead: false, targetDays: null }
  const lateness = latenessOf(begun(beginning, day, deps.workingDays()), today)
  const { account, call } = paper
  const [number, name] = [paper.number.trim(), paper.name.trim()]
  // Without a name the document system could confirm a paper of anybody.
  if (name === '') return { number, day, lateness, verified: null }
  const asked = { number, date: day, name }
  const result = await findRecorded(deps, asked, { account, call })
  const verified = result.outcome === 'unreachable' ? null : result.outcome === 'found'
  return { number, day, lateness, verified }
}

const wrongDay = (language: Language) =>
  wrongParts([{ field: 'elsewhere.day', why: 'not a past day' }], language)

function latenessOf(standing: Standing, today: Day): Lateness {
  const dueness = duenessOn(today, standing)
  if (dueness === 'closed') throw new Refused('request-closed')
  if (dueness === 'in time') throw new Refused('request-in-time')
  return dueness
}
