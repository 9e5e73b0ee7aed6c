/** Administration of accounts. */
import { AgentId } from '../../core/ids.ts'
import { changeAccount, closeOthersAccount, type Changed } from '../../people/account-changes.ts'
import { accountPage, listedAccount } from '../../people/account-list.ts'
import {
  openProposals,
  requestCode,
  type CodeRequest,
  type CodeRequested,
} from '../../people/account-proposals.ts'
import { accountById, addAccount, type Added } from '../../people/accounts.ts'
import type { IssuedCode } from '../../people/activations.ts'
import { normalised } from '../../people/normalised.ts'
import { mayGoTogether, needsTwo } from '../../people/roles.ts'
import { serveEveryQueue } from '../../people/skills/agent-skills.ts'
import type { RouteContext } from '../route-context.ts'
import type { App } from '../app.ts'
import { AccountParams, refusals } from '../shell/documented.ts'
import { Refused, WrongContent } from '../shell/problem.ts'
import type { Code } from '../shell/sentences.ts'
import { accountOf } from '../session/session.ts'
import { accountView, codeView } from './view.ts'
import {
  AccountChange,
  AccountItem,
  AccountPage,
  AccountsQuery,
  AccountWithCode,
  ChangedAccount,
  NewAccount,
  ResetQuery,
} from './wire.ts'

const limitByDefault = 200
const administrator = { access: ['administrator'] } as const

const whyNotAdded = {
  'username taken': 'username-taken',
  'username not usable': 'username-not-usable',
  'roles not together': 'roles-not-together',
  'contract ended': 'contract-ended',
} as const satisfies Record<Extract<Added, { ok: false }>['why'], Code>

const whyNotChanged = {
  'not allowed': 'forbidden',
  'unknown account': 'no-such-account',
  'account closed': 'account-closed',
  'own account': 'own-account',
  'roles not together': 'roles-not-together',
  'contract ended': 'contract-ended',
} as const satisfies Record<Extract<Changed, { ok: false }>['why'], Code>

const whyNoCode = {
  'not allowed': 'forbidden',
  'proposal open': 'proposal-open',
  'roles not together': 'roles-not-together',
} as const satisfies Record<Extract<CodeRequested, { ok: false }>['why'], Code>

export function accountRoutes(app: App, context: RouteContext): void {
  const { db, logger } = context.deps

  app.get(
    '/api/accounts',
    {
      config: administrator,
      schema: {
        operationId: 'accounts',
        tags: ['accounts'],
        summary: 'Accounts by user name, closed ones included',
        querystring: AccountsQuery,
        response: { 200: AccountPage, ...refusals(400, 401, 403, 503) },
      },
    },
    async (request) => {
      const { limit = limitByDefault, cursor = null } = request.query
      const { items, next } = await accountPage(db, { after: cursor, limit })
      return { items: items.map(accountView), next }
    },
  )

  addingRoute(app, context)
  changingRoute(app, context)
  activationRoute(app, context)

  app.post(
    '/api/accounts/:id/close',
    {
      config: administrator,
      schema: {
        operationId: 'closeAccount',
        tags: ['accounts'],
        summary: 'Close an account for good; its sessions end at once',
        params: AccountParams,
        response: { 200: AccountItem, ...refusals(401, 403, 404, 409, 503) },
      },
    },
    async (request) => {
      const by = accountOf(request).id
      const id = AgentId(request.params.id)
      const closed = await closeOthersAccount(db, id, by)
      if (closed === 'unknown account') throw new Refused('no-such-account')
      if (closed === 'own account') throw new Refused('own-account')
      if (closed === 'not allowed') throw new Refused('forbidden')
      logger.info({ by, account: id }, 'an account was closed')
      return viewOf(context, id)
    },
  )
}

function addingRoute(app: App, context: RouteContext): void {
  const { db, logger } = context.deps
  app.post(
    '/api/accounts',
    {
      config: administrator,
      schema: {
        operationId: 'addAccount',
        tags: ['accounts'],
        summary: 'Open an account, with an activation code for its owner',
        description:
          'An account of a supervisor, auditor or administrator has no role until another administrator confirms it; ' +
          'the code is one half of two then.',
        body: NewAccount,
        response: { 201: AccountWithCode, ...refusals(400, 401, 403, 409, 503) },
      },
    },
    async (request, reply) => {
      const by = accountOf(request).id
      const { username, skills, ...rest } = request.body
      const fields = normalisedFields(rest)
      const roles = needsTwo(fields.roles) ? [] : fields.roles
      if (!mayGoTogether(fields.roles)) throw new Refused('roles-not-together')
      if (skills !== undefined && !fields.roles.includes('agent'))
        throw new WrongContent([{ field: 'skills', accepted: 'of an agent' }])
      const added = await addAccount(db, {
        username,
        ...fields,
        roles,
        by,
        ...(skills !== undefined && { skills: new Map(Object.entries(skills)) }),
        ...(skills === undefined && roles.includes('agent') && { skills: 'every queue' }),
      })
      if (!added.ok) throw new Refused(whyNotAdded[added.why])
      const { id } = added.account
      logger.info({ by, account: id, roles }, 'an account was opened')
      const code = await codeFor(context, { account: id, rolesBefore: roles, roles: fields.roles, by })
      return reply.code(201).send({ account: await viewOf(context, id), activation: codeView(code) })
    },
  )
}

function changingRoute(app: App, context: RouteContext): void {
  const { db, logger } = context.deps
  app.put(
    '/api/accounts/:id',
    {
      config: administrator,
      schema: {
        operationId: 'changeAccount',
        tags: ['accounts'],
        summary: 'Change name, employer or roles; administrators cannot change their own roles',
        description:
          'A new role as supervisor, auditor or administrator waits for another administrator; the present roles stay ' +
          'until then.',
        params: AccountParams,
        body: AccountChange,
        response: { 200: ChangedAccount, ...refusals(400, 401, 403, 404, 409, 503) },
      },
    },
    async (request) => {
      const by = accountOf(request).id
      const id = AgentId(request.params.id)
      const fields = normalisedFields(request.body)
      const before = await accountById(db, id)
      const waits = before !== null && needsTwo(fields.roles.filter((role) => !before.roles.includes(role)))
      if (waits && id === by) throw new Refused('own-account')
      if (!mayGoTogether(fields.roles)) throw new Refused('roles-not-together')
      if (waits && (await openProposals(db, id)).length > 0) throw new Refused('proposal-open')
      const roles = waits ? before.roles : fields.roles
      const changed = await changeAccount(db, id, { ...fields, roles }, by)
      if (!changed.ok) throw new Refused(whyNotChanged[changed.why])
      if (roles.includes('agent')) await serveEveryQueue(db, id, by)
      logger.info({ by, account: id, roles }, 'an account was changed')
      const proposed = { account: id, rolesBefore: roles, roles: fields.roles, by }
      const code = waits ? await codeFor(context, proposed) : null
      return { ...(await viewOf(context, id)), code: code === null ? null : codeView(code) }
    },
  )
}

function activationRoute(app: App, context: RouteContext): void {
  const { db, logger } = context.deps
  app.post(
    '/api/accounts/:id/activation',
    {
      config: administrator,
      schema: {
        operationId: 'resetAccount',
        tags: ['accounts'],
        summary: 'A new activation code: the password opens nothing any more, and all sessions end',
        description:
          'One administrator has the whole code only for an account that nobody has entered yet, and for one with a ' +
          'second factor, which the activation then asks for. Otherwise, and with `factors=end`, the account stays as ' +
          'it is until a second person confirms: an administrator, or where the account never had power over others ' +
          'a supervisor as well.',
        params: AccountParams,
        querystring: ResetQuery,
        response: { 200: AccountWithCode, ...refusals(400, 401, 403, 404, 409, 503) },
      },
    },
    async (request) => {
      const by = accountOf(request).id
      const account = await accountById(db, AgentId(request.params.id))
      if (account === null) throw new Refused('no-such-account')
      if (account.closedAt !== null) throw new Refused('account-closed')
      if (account.id === by) throw new Refused('own-account')
      const { id, roles } = account
      const endFactors = request.query.factors === 'end'
      const code = await codeFor(context, { account: id, rolesBefore: roles, roles, by, endFactors })
      logger.info({ by, account: account.id }, 'an activation code was issued')
      return { account: await viewOf(context, account.id), activation: codeView(code) }
    },
  )
}

async function codeFor({ deps: { db } }: RouteContext, request: CodeRequest): Promise<IssuedCode> {
  const requested = await requestCode(db, request)
  if (!requested.ok) throw new Refused(whyNoCode[requested.why])
  return requested.code
}

function normalisedFields({ name, employer, roles }: AccountChange): AccountChange {
  return { name: normalised(name), employer: normalised(employer), roles }
}

async function viewOf({ deps }: RouteContext, id: AgentId): Promise<AccountItem> {
  const account = await listedAccount(deps.db, id)
  if (account === null) throw new Refused('no-such-account')
  return accountView(account)
}
