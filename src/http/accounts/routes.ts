/** Administration of accounts. */
import { AgentId } from '../../core/ids.ts'
import { changeAccount, closeOthersAccount, type Changed } from '../../people/account-changes.ts'
import { accountPage, listedAccount } from '../../people/account-list.ts'
import { addAccount, type Added } from '../../people/accounts.ts'
import { newPassword } from '../../people/passwords.ts'
import { phoneUser } from '../../people/phones.ts'
import { serveEveryQueue } from '../../people/skills.ts'
import type { RouteContext } from '../route-context.ts'
import type { App } from '../app.ts'
import { AccountParams, refusals } from '../shell/documented.ts'
import { Refused } from '../shell/problem.ts'
import type { Code } from '../shell/sentences.ts'
import { accountOf } from '../session/session.ts'
import { accountView } from './view.ts'
import { AccountChange, AccountItem, AccountPage, AccountsQuery, AddedAccount, NewAccount } from './wire.ts'

const limitByDefault = 200
const administrator = { access: ['administrator'] } as const

const whyNotAdded = {
  'username taken': 'username-taken',
  'username not usable': 'username-not-usable',
  'roles not together': 'roles-not-together',
  'contract ended': 'contract-ended',
} as const satisfies Record<Extract<Added, { ok: false }>['why'], Code>

const whyNotChanged = {
  'unknown account': 'no-such-account',
  'account closed': 'account-closed',
  'own account': 'own-account',
  'roles not together': 'roles-not-together',
  'contract ended': 'contract-ended',
} as const satisfies Record<Extract<Changed, { ok: false }>['why'], Code>

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

  app.put(
    '/api/accounts/:id',
    {
      config: administrator,
      schema: {
        operationId: 'changeAccount',
        tags: ['accounts'],
        summary: 'Change name, employer or roles; administrators cannot change their own roles',
        params: AccountParams,
        body: AccountChange,
        response: { 200: AccountItem, ...refusals(400, 401, 403, 404, 409, 503) },
      },
    },
    async (request) => {
      const by = accountOf(request).id
      const id = AgentId(request.params.id)
      const changed = await changeAccount(db, id, normalisedFields(request.body), by)
      if (!changed.ok) throw new Refused(whyNotChanged[changed.why])
      if (changed.account.roles.includes('agent')) await serveEveryQueue(db, id)
      logger.info({ by, account: id, roles: changed.account.roles }, 'an account was changed')
      return viewOf(context, id)
    },
  )

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
      logger.info({ by, account: id }, 'an account was closed')
      return viewOf(context, id)
    },
  )
}

function addingRoute(app: App, context: RouteContext): void {
  const { db, logger, phonePassword } = context.deps
  app.post(
    '/api/accounts',
    {
      config: administrator,
      schema: {
        operationId: 'addAccount',
        tags: ['accounts'],
        summary: 'Open an account; only this response contains its password',
        body: NewAccount,
        response: { 201: AddedAccount, ...refusals(400, 401, 403, 409, 503) },
      },
    },
    async (request, reply) => {
      const by = accountOf(request).id
      const { username, ...rest } = request.body
      const password = newPassword()
      const added = await addAccount(db, { username, ...normalisedFields(rest), password, by })
      if (!added.ok) throw new Refused(whyNotAdded[added.why])
      const { account } = added
      const isAgent = account.roles.includes('agent')
      if (isAgent) await serveEveryQueue(db, account.id)
      logger.info({ by, account: account.id, roles: account.roles }, 'an account was opened')
      const user = phoneUser(account.username, 'desk')
      const phone = isAgent ? { username: user, password: phonePassword(user) } : null
      return reply.code(201).send({ account: await viewOf(context, account.id), password, phone })
    },
  )
}

/** Normalises spelling, because two spellings of one employer would be two employers. */
const normalised = (text: string): string => text.normalize('NFC').trim().replace(/\s+/g, ' ')

function normalisedFields({ name, employer, roles }: AccountChange): AccountChange {
  return { name: normalised(name), employer: normalised(employer), roles }
}

async function viewOf({ deps }: RouteContext, id: AgentId): Promise<AccountItem> {
  const account = await listedAccount(deps.db, id)
  if (account === null) throw new Refused('no-such-account')
  return accountView(account)
}
