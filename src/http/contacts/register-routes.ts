/** The register of contacts, for administrators: which numbers the city lets its agents send callers to. */
import { formsOf } from '../../core/configuration/line.ts'
import { callOutRules } from '../../core/configuration/outbound.ts'
import type { AgentId } from '../../core/ids.ts'
import {
  changeContact,
  closeContact,
  contactRegister,
  contactVersions,
  enterContact,
  type ContactDecision,
  type ContactRefusal,
  type ContactVersion,
} from '../../people/contacts.ts'
import type { App } from '../app.ts'
import type { RouteContext } from '../route-context.ts'
import { accountOf } from '../session/session.ts'
import { done, refusals } from '../shell/documented.ts'
import { iso } from '../shell/iso-time.ts'
import { Refused, WrongContent } from '../shell/problem.ts'
import type { Code } from '../shell/sentences.ts'
import { contactNumberSentences } from './sentences.ts'
import {
  AddedContact,
  ContactChange,
  ContactClosing,
  ContactParams,
  ContactRegister,
  ContactVersions,
  contactVersionsMax,
  NewContact,
} from './wire.ts'

const config = { access: ['administrator'] } as const
const tags = ['contacts']

const codes = {
  'not allowed': 'forbidden',
  'unknown contact': 'unknown-contact',
  'changed meanwhile': 'contact-changed',
  'name taken': 'contact-name-taken',
  'not a language': 'not-a-language',
  'no number': 'no-number-to-call',
  'not a number': 'not-a-number',
  'an emergency number': 'emergency-number',
  'our own number': 'own-number',
  'a premium number': 'premium-number',
  'a foreign number': 'foreign-number',
  'a number not allowed': 'number-not-allowed',
} as const satisfies Record<Exclude<ContactRefusal, 'id not usable' | 'name not usable'>, Code>

export function contactRegisterRoutes(app: App, { deps }: RouteContext): void {
  const { db, directory, logger } = deps
  // The same rules as at the moment of the call.
  const decisionBy = (by: AgentId): ContactDecision => ({
    allowed: callOutRules(directory.outbound(), deps.dryRun.rules.callOut).allowed,
    own: formsOf(directory.numbers()),
    by,
  })

  app.get(
    '/api/contact-register',
    {
      config,
      schema: {
        operationId: 'contactRegister',
        tags,
        summary: 'Every contact as it is now, also closed ones: name, number, and who changed it when',
        response: { 200: ContactRegister, ...refusals(401, 403, 503) },
      },
    },
    async () => ({
      items: (await contactRegister(db)).map(({ id, ...version }) => ({ id, ...view(version) })),
    }),
  )

  app.get(
    '/api/contact-register/:id/versions',
    {
      config,
      schema: {
        operationId: 'contactVersions',
        tags,
        summary: 'The versions of a contact, newest first',
        params: ContactParams,
        response: { 200: ContactVersions, ...refusals(401, 403, 404, 503) },
      },
    },
    async ({ params }) => {
      const versions = await contactVersions(db, params.id, contactVersionsMax)
      if (versions.length === 0) throw new Refused('unknown-contact')
      return { items: versions.map(view) }
    },
  )

  app.post(
    '/api/contact-register',
    {
      config,
      schema: {
        operationId: 'addContact',
        tags,
        summary: 'Add a contact: agents can send callers there at once, on every node',
        body: NewContact,
        response: { 201: AddedContact, ...refusals(400, 401, 403, 409, 503) },
      },
    },
    async (request, reply) => {
      const { id: by } = accountOf(request)
      const added = await enterContact(db, request.body, decisionBy(by))
      if (!added.ok) throw refused(added.why)
      const { id } = added.contact
      logger.info({ by, contact: id }, 'a contact was added')
      return reply.code(201).send({ id })
    },
  )

  app.put(
    '/api/contact-register/:id',
    {
      config,
      schema: {
        operationId: 'changeContact',
        tags,
        summary: 'Change a contact; a closed one is opened again by it',
        params: ContactParams,
        body: ContactChange,
        response: { 204: done, ...refusals(400, 401, 403, 404, 409, 503) },
      },
    },
    async (request, reply) => {
      const { id: by } = accountOf(request)
      const { version, ...fields } = request.body
      const { id } = request.params
      const changed = await changeContact(db, { id, version }, fields, decisionBy(by))
      if (!changed.ok) throw refused(changed.why)
      logger.info({ by, contact: id }, 'a contact was changed')
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/api/contact-register/:id/close',
    {
      config,
      schema: {
        operationId: 'closeContact',
        tags,
        summary: 'Close a contact: nobody is sent there any more, and its versions stay on record',
        params: ContactParams,
        body: ContactClosing,
        response: { 204: done, ...refusals(400, 401, 403, 404, 409, 503) },
      },
    },
    async (request, reply) => {
      const { id: by } = accountOf(request)
      const { id } = request.params
      const closed = await closeContact(db, { id, version: request.body.version }, by)
      if (!closed.ok) throw refused(closed.why)
      logger.info({ by, contact: id }, 'a contact was closed')
      return reply.code(204).send(null)
    },
  )
}

const view = ({ at, ...version }: Omit<ContactVersion, 'id'>) => ({ ...version, at: iso(at) })

function refused(why: ContactRefusal): Error {
  // The schema lets neither through, and the server makes the id.
  if (why === 'name not usable' || why === 'id not usable')
    return new WrongContent([{ field: 'name', accepted: '1–60' }])
  const sentence =
    why in contactNumberSentences ? contactNumberSentences[why as keyof typeof contactNumberSentences] : null
  return new Refused(codes[why], null, [], sentence)
}
