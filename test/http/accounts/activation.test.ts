/** Activation codes: used twice, late, in another browser, by the wrong person; and two administrators at once. */
import t from 'tap'
import { sql } from 'kysely'
import type { AgentId } from '../../../src/core/ids.ts'
import { addAccount } from '../../../src/people/accounts.ts'
import { useActivation } from '../../../src/people/activations.ts'
import { openSession } from '../../../src/people/sessions.ts'
import { attack } from '../../support/attack.ts'
import { quickHash } from '../../support/passwords.ts'
import { openTestDatabase, testDatabase } from '../../support/postgres.ts'
import { cookieIn, password, serve, type Answer, type Served } from '../serve.ts'

const chosen = 'lampă verde pe dulap'
const database = await testDatabase(t)
const admin = openTestDatabase(database.adminUrl)
t.teardown(() => admin.destroy())
const served = await serve(t, { db: database.db })
const { ask, people, db } = served
const as = await served.signIn('admin')
const second = await secondAdministrator()

async function secondAdministrator(): Promise<string> {
  const person = {
    username: 'admin2',
    name: 'Olga Dinu',
    employer: 'Primăria',
    roles: ['administrator' as const],
  }
  await addAccount(db, { ...person, password }, quickHash)
  return cookieIn(await ask('POST', '/api/session', { body: { username: 'admin2', password } }))
}

interface Issued {
  readonly account: {
    readonly id: AgentId
    readonly roles: string[]
    readonly proposal: { readonly id: number } | null
  }
  readonly activation: { readonly code: string; readonly half: boolean; readonly expiresAt: string | null }
}
const issuedIn = (answer: Answer): Issued => answer.json as unknown as Issued

async function opened(username: string, roles: readonly string[] = ['agent']): Promise<Issued> {
  const body = { username, name: 'Ioana Pop', employer: 'Glas SRL', roles }
  const answer = await ask('POST', '/api/accounts', { as, body })
  if (answer.status !== 201) throw new Error(answer.text)
  return issuedIn(answer)
}

const show = (code: string, cookie?: string) =>
  ask('POST', '/api/activation', { body: { code }, ...(cookie !== undefined && { as: cookie }) })
const use = (code: string, secret = chosen, cookie?: string) =>
  ask('POST', '/api/activation/password', {
    body: { code, password: secret },
    ...(cookie !== undefined && { as: cookie }),
  })
const enter = (username: string, secret = chosen) =>
  ask('POST', '/api/session', { body: { username, password: secret } })
const confirm = (proposal: number, by: string) =>
  ask('POST', `/api/account-proposals/${proposal}/confirm`, { as: by })

t.test('a code is shown to its first browser, works there once, and is then used up', async (t) => {
  const { account, activation } = await opened('ana.unu')
  t.equal((await enter('ana.unu', activation.code)).status, 401, 'a code is no password')
  const first = await show(` ${activation.code.toLowerCase().replaceAll('-', ' ')} `)
  t.match(first.json, { username: 'ana.unu', name: 'Ioana Pop', roles: ['agent'], reset: false })
  const mine = cookieIn(first)
  t.equal((await show(activation.code, mine)).status, 200, 'the same browser may look again')
  const other = await show(activation.code)
  t.match(other.json, { status: 409, code: 'activation-other-browser', detail: /alt browser/ })
  t.match((await use(activation.code)).json, { code: 'activation-other-browser' })
  const english = { 'accept-language': 'en' }
  t.match(
    (await ask('POST', '/api/activation', { body: { code: activation.code }, headers: english })).json,
    {
      detail: /another browser/,
    },
  )

  t.equal((await use(activation.code, chosen, mine)).status, 204)
  t.match((await use(activation.code, 'alta parolă, lungă', mine)).json, {
    status: 409,
    code: 'activation-used',
  })
  t.match((await show(activation.code)).json, { code: 'activation-used' })
  const signedIn = await enter('ana.unu')
  t.equal(signedIn.status, 200)

  const access = await ask('GET', '/api/me/access', { as: cookieIn(signedIn) })
  t.match(access.json, {
    activation: { by: 'Dan Țepeș', openedAt: /Z$/, usedAt: /Z$/ },
    passwordAt: /Z$/,
    sessions: 1,
    signIns: [{ method: 'password', address: '127.0.0.1' }],
    refused: [{ tries: 1, address: '127.0.0.1' }],
  })
  const listed = await ask('GET', '/api/accounts', { as })
  const item = (listed.json['items'] as { id: string }[]).find(({ id }) => id === account.id)
  t.match(item, { passwordAt: /Z$/, activation: { usedAt: /Z$/ }, proposal: null })
  t.notMatch(listed.text, activation.code)
  await sweep()
  const entries = await db
    .selectFrom('journal_entries')
    .select('entry')
    .where('entry', 'like', '%"register":"activation_events"%')
    .execute()
  t.equal(entries.length, 2, 'the journal has the opening and the use')
})

t.test('a code that the administrator uses no longer works for its owner', async (t) => {
  const { activation } = await opened('ana.doi')
  t.equal((await use(activation.code, 'șase mere în cămară')).status, 204)
  t.match((await show(activation.code)).json, {
    code: 'activation-used',
    detail: /anunță imediat auditorul/,
  })
})

t.test(
  'a code that is late, replaced, wrong or of a closed account is refused with its own sentence',
  async (t) => {
    const late = await opened('ana.tarziu')
    await sql`alter table account_activations disable trigger a_change`.execute(admin)
    await sql`update account_activations set expires_at = now() - interval '1 s' where account = ${late.account.id}`.execute(
      admin,
    )
    await sql`alter table account_activations enable always trigger a_change`.execute(admin)
    t.match((await show(late.activation.code)).json, { status: 409, code: 'activation-expired' })

    const renewed = issuedIn(await ask('POST', `/api/accounts/${late.account.id}/activation`, { as }))
    t.match((await show(late.activation.code)).json, { code: 'activation-replaced' })
    t.equal((await show(renewed.activation.code)).status, 200)

    for (const wrong of [
      '',
      'A',
      'AAAA-AAAA-AAAA-AAAA',
      'AAAA-AAAA-AAAA-AAAA-AAAA-AAAA',
      'ș'.repeat(16),
      '\u0000'.repeat(16),
    ])
      t.match(
        (await show(wrong)).json['code'],
        /^(activation-unknown|validation|bad-text)$/,
        JSON.stringify(wrong),
      )

    await ask('POST', `/api/accounts/${late.account.id}/close`, { as })
    t.match((await show(renewed.activation.code)).json, { status: 409, code: 'account-closed' })
    t.match((await ask('POST', `/api/accounts/${late.account.id}/activation`, { as })).json, {
      code: 'account-closed',
    })
    t.match((await ask('POST', '/api/accounts/nobody/activation', { as })).json, { code: 'no-such-account' })
    t.match((await ask('POST', `/api/accounts/${people.admin.id}/activation`, { as })).json, {
      code: 'own-account',
    })
  },
)

t.test('two browsers that use a code at the same time: one of them succeeds', async (t) => {
  const { activation } = await opened('ana.doua')
  const both = await Promise.all([
    use(activation.code, 'prima parolă lungă'),
    use(activation.code, 'a doua, tot lungă'),
  ])
  t.same(
    both.map(({ status }) => status).toSorted((a, b) => a - b),
    [204, 409],
  )
})

t.test('for a code that is none no password is hashed', async (t) => {
  let hashes = 0
  const answer = await useActivation(
    db,
    { code: 'AAAA-AAAA-AAAA-AAAA', browser: 'one', password: chosen },
    () => {
      hashes += 1
      return Promise.resolve('')
    },
  )
  t.match(answer, { ok: false, why: 'unknown code' })
  t.equal(hashes, 0)
})

t.test('a weak password does not use the code up', async (t) => {
  const { activation } = await opened('ana.slaba')
  const mine = cookieIn(await show(activation.code))
  for (const [weak, code] of [
    ['prea scurtă', 'password-too-short'],
    ['Ioana Pop Ioana Pop', 'password-is-name'],
    ['parola12345678', 'password-too-common'],
    ['x'.repeat(201), 'password-too-long'],
  ] as const)
    t.match((await use(activation.code, weak, mine)).json, { status: 400, code }, weak)
  t.equal((await use(activation.code, chosen, mine)).status, 204)
})

t.test('a reset ends the password and all sessions at once, and the owner sees it', async (t) => {
  const person = {
    username: 'resetat',
    name: 'Rodica Sabău',
    employer: 'Glas SRL',
    roles: ['agent' as const],
  }
  const added = await addAccount(db, { ...person, password }, quickHash)
  if (!added.ok) throw new Error(added.why)
  const old = cookieIn(await enter('resetat', password))
  t.equal((await ask('GET', '/api/me', { as: old })).status, 200)
  const reset = issuedIn(await ask('POST', `/api/accounts/${added.account.id}/activation`, { as }))
  t.equal((await ask('GET', '/api/me', { as: old })).status, 200, 'until a second person confirms')
  const { activation } = issuedIn(await confirm(reset.account.proposal?.id ?? 0, second))
  await accountChanged(served, old)
  t.equal((await enter('resetat', password)).status, 401, 'the old password opens nothing')
  t.match((await show(reset.activation.code + activation.code)).json, { reset: true, factor: null })
  const open = (method: 'passkey' | 'oidc') => openSession(db, { account: added.account.id, method })
  t.equal(await open('passkey'), null, 'nor does a passkey')
  t.not(await open('oidc'), null, 'the identity provider answers for its people')
})

t.test('people change their own password; their other sessions end', async (t) => {
  const person = {
    username: 'schimba',
    name: 'Rodica Sabău',
    employer: 'Glas SRL',
    roles: ['agent' as const],
  }
  await addAccount(db, { ...person, password }, quickHash)
  const [mine, other] = [
    cookieIn(await enter('schimba', password)),
    cookieIn(await enter('schimba', password)),
  ]
  const change = (current: string, next: string) =>
    ask('PUT', '/api/me/password', { as: mine, body: { current, password: next } })
  t.match((await change('greșită', chosen)).json, { status: 403, code: 'wrong-password' })
  t.match((await change(password, 'schimba schimba')).json, { status: 400, code: 'password-is-name' })
  t.equal((await change(password, chosen)).status, 204)
  t.equal((await ask('GET', '/api/me/access', { as: mine })).json['sessions'], 1)
  await accountChanged(served, other)
  t.equal((await enter('schimba', password)).status, 401)
  const third = cookieIn(await enter('schimba'))
  t.equal((await ask('DELETE', '/api/me/sessions', { as: mine })).status, 204)
  await accountChanged(served, third)
  t.equal((await ask('GET', '/api/me', { as: mine })).status, 200)
  let status = 0
  for (let n = 0; n < 40 && status !== 429; n += 1) status = (await change('greșită', chosen)).status
  t.equal(status, 429, 'a stolen session does not serve to guess the password')
})

t.test('a supervisor takes two administrators, and two halves of a code', async (t) => {
  const { account, activation } = await opened('sef.unu', ['supervisor', 'agent'])
  t.same(account.roles, [])
  t.match(activation, { half: true, expiresAt: null })
  const proposal = account.proposal?.id ?? 0
  t.match((await confirm(proposal, as)).json, { status: 403, code: 'own-proposal' })
  t.match((await confirm(proposal + 1000, second)).json, { status: 404, code: 'no-such-proposal' })
  const again = await ask('POST', `/api/accounts/${account.id}/activation`, { as })
  t.equal(again.status, 200, 'without a role yet')
  const confirmed = issuedIn(await confirm(proposal, second))
  t.match(confirmed, {
    account: { roles: ['supervisor', 'agent'], proposal: null },
    activation: { half: true },
  })
  const [one, two] = [activation.code, confirmed.activation.code]
  for (const part of [one, two, two + one, issuedIn(again).activation.code])
    t.match((await use(part)).json['code'], /^activation-(unknown|replaced)$/)
  t.equal((await use(`${one} ${two}`)).status, 204)
  t.match((await enter('sef.unu')).json, { roles: ['supervisor', 'agent'] })
  const row = await db
    .selectFrom('account_versions')
    .select(['by', 'confirmed_by'])
    .where('account', '=', account.id)
    .orderBy('id', 'desc')
    .executeTakeFirst()
  t.equal(row?.by, people.admin.id)
  t.type(row?.confirmed_by, 'string')
})

t.test('two administrators who confirm, refuse or propose at once: one of them succeeds', async (t) => {
  const { account } = await opened('sef.doi', ['supervisor'])
  const proposal = account.proposal?.id ?? 0
  const refuse = (by: string) => ask('POST', `/api/account-proposals/${proposal}/refuse`, { as: by })
  const both = await Promise.all([confirm(proposal, second), refuse(as), confirm(proposal, second)])
  t.equal(both.filter(({ status }) => status < 300).length, 1, both.map(({ text }) => text).join(' '))
  t.equal(both.filter(({ json }) => json['code'] === 'proposal-decided').length, 2)

  const body = { name: 'Barbu Ionescu', employer: 'Primăria', roles: ['agent', 'supervisor'] }
  const path = `/api/accounts/${people.agent02.id}`
  const proposed = await Promise.all([ask('PUT', path, { as, body }), ask('PUT', path, { as: second, body })])
  t.same(
    proposed.map(({ status }) => status).toSorted((a, b) => a - b),
    [200, 409],
  )
  t.match(proposed.find(({ status }) => status === 409)?.json, { code: 'proposal-open' })

  const same = { username: 'de.doua.ori', name: 'Ioana Pop', employer: 'Glas SRL', roles: ['agent'] }
  const added = await Promise.all([
    ask('POST', '/api/accounts', { as, body: same }),
    ask('POST', '/api/accounts', { as: second, body: same }),
  ])
  t.same(
    added.map(({ status }) => status).toSorted((a, b) => a - b),
    [201, 409],
  )

  const { account: newcomer } = await opened('ana.noua')
  const resets = await Promise.all([
    ask('POST', `/api/accounts/${newcomer.id}/activation`, { as }),
    ask('POST', `/api/accounts/${newcomer.id}/activation`, { as: second }),
  ])
  const shown = await Promise.all(resets.map((one) => show(issuedIn(one).activation.code)))
  t.same(
    shown.map(({ status }) => status).toSorted((a, b) => a - b),
    [200, 409],
    'the newest code counts',
  )
})

async function supervisor(username: string): Promise<AgentId> {
  const account = { username, name: 'Rodica Sabău', employer: 'Primăria', roles: ['supervisor' as const] }
  const added = await addAccount(db, { ...account, password }, quickHash)
  if (!added.ok) throw new Error(added.why)
  return added.account.id
}

const demote = (id: AgentId, by: string) => {
  const body = { name: 'Rodica Sabău', employer: 'Primăria', roles: ['agent'] }
  return ask('PUT', `/api/accounts/${id}`, { as: by, body })
}
const resetOf = (id: AgentId, by: string) => ask('POST', `/api/accounts/${id}/activation`, { as: by })

await attack(
  t,
  {
    attack: 'gives a role back that was taken away, by a reset that was proposed before',
    before: '200: the reset was confirmed, and the account was a supervisor again',
    now: '409: a proposal ends when the roles of its account change',
  },
  async (t) => {
    const id = await supervisor('sef.fost')
    const { account } = issuedIn(await resetOf(id, as))
    t.match((await demote(id, second)).json, { roles: ['agent'], proposal: null })
    t.match((await confirm(account.proposal?.id ?? 0, second)).json, {
      status: 409,
      code: 'proposal-decided',
    })
    const { roles } = await db
      .selectFrom('current_accounts')
      .select('roles')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    t.same(roles, ['agent'])
  },
)

await attack(
  t,
  {
    attack: 'becomes a supervisor’s person by taking the role away and resetting the account alone',
    before: 'a whole code for one administrator, which set a new password',
    now: 'half a code: the reset of an account that had such a role takes two',
  },
  async (t) => {
    const id = await supervisor('sef.prada')
    t.same((await demote(id, as)).json['roles'], ['agent'])
    const { account, activation } = issuedIn(await resetOf(id, as))
    t.equal((await use(activation.code)).status, 404)
    t.equal(
      (await enter('sef.prada', password)).status,
      200,
      'until it is confirmed, the owner’s password works',
    )
    t.match(activation, { half: true, expiresAt: null })
    const alone = {
      code_digest: Buffer.alloc(32, 8),
      second_digest: null,
      by: people.admin.id,
      confirmed_by: null,
    }
    await t.rejects(
      db
        .insertInto('account_activations')
        .values({ ...alone, account: id, expires_at: sql`now()` })
        .execute(),
      /second person/,
    )
    const confirmed = issuedIn(await confirm(account.proposal?.id ?? 0, second))
    t.equal((await use(`${activation.code} ${confirmed.activation.code}`)).status, 204)
    t.match((await enter('sef.prada')).json, { roles: ['agent'] })
  },
)

t.test('the database itself refuses a supervisor by one, and a reset of one by one', async (t) => {
  const { account } = await opened('direct')
  const version = {
    account: account.id as never,
    name: 'D',
    employer: 'E',
    closed: false,
    by: people.admin.id,
  }
  for (const confirmed_by of [null, people.admin.id, people.edit.id])
    await t.rejects(
      db
        .insertInto('account_versions')
        .values({ ...version, roles: ['supervisor'], confirmed_by })
        .execute(),
      /second administrator/,
    )
  await t.rejects(
    db
      .insertInto('account_versions')
      .values({ ...version, roles: ['auditor', 'agent'], by: null })
      .execute(),
    /auditor_alone/,
  )
  const digest = Buffer.alloc(32, 7)
  await t.rejects(
    db
      .insertInto('account_activations')
      .values({
        account: people.audit.id,
        code_digest: digest,
        second_digest: null,
        by: people.admin.id,
        confirmed_by: null,
        expires_at: sql`now()`,
      })
      .execute(),
    /second person/,
  )
})

t.test('a password and a session from before the migration stay valid', async (t) => {
  const rows = await db
    .selectFrom('account_access')
    .selectAll()
    .where('account', '=', people.edit.id)
    .execute()
  t.match(rows, [{ activation: null, awaits_activation: false }])
  await served.signIn('edit')
})

/** The session is over once the notification has been heard, or five seconds later at the latest. */
async function accountChanged({ state }: Served, cookie: string): Promise<void> {
  state.now = Date.now() + 6_000
  const { status } = await ask('GET', '/api/me', { as: cookie })
  state.now = null
  if (status !== 401) throw new Error(`the session goes on: ${status}`)
}

async function sweep(): Promise<void> {
  await sql`select journal_rows(1000, interval '1 day')`.execute(db)
}
