/** Resets of accounts that somebody has entered: nobody becomes that person alone. */
import t from 'tap'
import { sql } from 'kysely'
import type { AgentId } from '../../../src/core/ids.ts'
import { addAccount } from '../../../src/people/accounts.ts'
import { issueActivation } from '../../../src/people/activations.ts'
import { factorsOf } from '../../../src/people/sign-in/factors.ts'
import { lockAccess } from '../../../src/people/sessions.ts'
import { totpAt } from '../../../src/people/sign-in/totp.ts'
import type { Role } from '../../../src/http/wire.ts'
import { attack } from '../../support/attack.ts'
import { quickHash } from '../../support/passwords.ts'
import { password, serve } from '../serve.ts'
import { SoftPasskey } from '../sign-in/authenticator.ts'
import { enrolApp } from '../sign-in/totp-app.ts'
import { Browser } from '../sign-in/test-browser.ts'

const served = await serve(t)
const { db } = served
const chosen = 'lampă verde pe dulap'
let people = 0

interface Someone {
  readonly id: AgentId
  readonly username: string
  readonly browser: Browser
}

/** Somebody with a password, signed in. */
async function someone(...roles: Role[]): Promise<Someone> {
  people += 1
  const username = `cineva${people}`
  const account = { username, name: 'Ioana Pop', employer: 'Glas SRL', roles, password }
  const added = await addAccount(db, account, quickHash)
  if (!added.ok) throw new Error(added.why)
  const browser = new Browser(served)
  const signedIn = await browser.signIn(username)
  if (signedIn.status !== 200) throw new Error(signedIn.text)
  return { id: added.account.id, username, browser }
}

interface Reset {
  readonly status: number
  readonly code: string
  readonly half: boolean
  readonly proposal: number
}

async function resetBy(by: Browser, id: AgentId, query = ''): Promise<Reset> {
  const { status, json } = await by.ask('POST', `/api/accounts/${id}/activation${query}`)
  const { account, activation } = json as unknown as {
    account?: { proposal: { id: number } | null }
    activation?: { code: string; half: boolean }
  }
  return {
    status,
    code: activation?.code ?? '',
    half: activation?.half ?? false,
    proposal: account?.proposal?.id ?? 0,
  }
}

const confirm = (by: Browser, proposal: number) =>
  by.ask('POST', `/api/account-proposals/${proposal}/confirm`)
const activate = (by: Browser, code: string, more: object = {}) =>
  by.ask('POST', '/api/activation/password', { code, password: chosen, ...more })
const enter = (username: string, secret: string, code?: string) =>
  new Browser(served).ask('POST', '/api/session', {
    username,
    password: secret,
    ...(code !== undefined && { code }),
  })

const admin = (await someone('administrator')).browser
const supervisor = (await someone('supervisor')).browser

await attack(
  t,
  {
    attack: 'an administrator becomes an agent by resetting their account',
    before: '200 with the whole code; 204 with it, and the administrator was signed in as the agent',
    now: 'half a code; the account stays as it is until a second person confirms',
  },
  async (t) => {
    const agent = await someone('agent')
    const reset = await resetBy(admin, agent.id)
    t.match(reset, { status: 200, half: true })
    t.match((await activate(admin, reset.code)).json, { status: 404, code: 'activation-unknown' })
    t.equal((await enter(agent.username, password)).status, 200, 'the owner’s password works')
    t.match((await confirm(admin, reset.proposal)).json, { status: 403, code: 'own-proposal' })
    t.match((await confirm(agent.browser, reset.proposal)).json, { status: 403, code: 'forbidden' })
    for (const [keeps_factors, sentence] of [
      [null, /second person/],
      [true, /no second factor/],
    ] as const)
      await t.rejects(
        db
          .insertInto('account_activations')
          .values({
            account: agent.id,
            code_digest: Buffer.alloc(32, people),
            second_digest: null,
            by: served.people.admin.id,
            confirmed_by: null,
            keeps_factors,
            expires_at: sql`now()`,
          })
          .execute(),
        sentence,
      )
  },
)

await attack(
  t,
  {
    attack: 'an administrator becomes an agent who has an authenticator app, by resetting their account',
    before:
      '200 with the whole code; 204 with it, the app was removed and the administrator signed in as the agent',
    now: 'the activation asks for the app’s code, and the owner sees the try',
  },
  async (t) => {
    const agent = await someone('agent')
    const { secret, recoveryCodes: codes } = await enrolApp(agent.browser)
    const listed = await admin.ask('GET', '/api/accounts?limit=500')
    const items = listed.json['items'] as { id: string; resetRule: string }[]
    t.match(
      items.find(({ id }) => id === agent.id),
      { resetRule: 'factor' },
    )
    const reset = await resetBy(admin, agent.id)
    t.match(reset, { status: 200, half: false })
    t.match((await admin.ask('POST', '/api/activation', { code: reset.code })).json, {
      factor: { passkeysAt: null },
    })
    t.match((await activate(admin, reset.code)).json, { status: 401, code: 'code-needed' })
    t.match((await activate(admin, reset.code, { factorCode: '000000' })).json, { code: 'wrong-code' })
    const foreign = new SoftPasskey('http://localhost')
    const { json } = await admin.ask('POST', '/api/activation/passkey/options')
    const passkey = foreign.get(String(json['challenge']))
    t.match((await activate(admin, reset.code, { passkey })).json, { code: 'passkey-refused' })
    t.match((await activate(admin, reset.code, { passkey })).json, { code: 'challenge-gone' })

    const again = await resetBy(admin, agent.id)
    const owner = new Browser(served)
    const factorCode = totpAt(secret, Date.now())
    t.equal((await activate(owner, again.code, { factorCode })).status, 204)
    t.match((await enter(agent.username, chosen)).json, { code: 'code-needed' }, 'the app goes on')
    const own = new Browser(served)
    const signedIn = await own.ask('POST', '/api/session', {
      username: agent.username,
      password: chosen,
      code: codes[0],
    })
    t.equal(signedIn.status, 200, 'and so do the recovery codes')
    t.match((await own.ask('GET', '/api/me/access')).json, { refused: [{ tries: 1 }] })
  },
)

await attack(
  t,
  {
    attack: 'an administrator with a found recovery code activates the account of an agent',
    before: 'the code was used up, and the owner’s page named no recovery code: only a sign-in wrote a row',
    now: 'the owner is told of the code, on every page',
  },
  async (t) => {
    const agent = await someone('agent')
    const { secret, recoveryCodes: codes } = await enrolApp(agent.browser)
    const { code } = await resetBy(admin, agent.id)
    t.equal((await activate(admin, code, { factorCode: codes[0] })).status, 204)
    const own = new Browser(served)
    const app = { username: agent.username, password: chosen, code: totpAt(secret, Date.now()) }
    t.equal((await own.ask('POST', '/api/session', app)).status, 200)
    const { json } = await own.ask('GET', '/api/me/access')
    t.match(json['signIns'], [{ method: 'totp' }, { method: 'password' }])
    t.match(json['recoveryUsedAt'], /^20/)
  },
)

await attack(
  t,
  {
    attack: 'guesses the app’s code with an activation code in hand',
    before: 'no code was asked for',
    now: 'after five guesses the account’s codes are slowed down, also the right one',
  },
  async (t) => {
    const agent = await someone('agent')
    const { secret } = await enrolApp(agent.browser)
    const { code } = await resetBy(admin, agent.id)
    const answers: unknown[] = []
    for (let guess = 0; guess < 8; guess += 1)
      answers.push((await activate(admin, code, { factorCode: String(guess).padStart(6, '0') })).json['code'])
    t.ok(answers.filter((one) => one === 'wrong-code').length <= 6, JSON.stringify(answers))
    const right = await activate(admin, code, { factorCode: totpAt(secret, Date.now()) })
    t.match(right.json, { status: 429, code: 'too-many-attempts' })
  },
)

t.test('a passkey of the owner is enough for the activation; somebody else’s is not', async (t) => {
  const [agent, other] = [await someone('agent'), await someone('agent')]
  const keys = [new SoftPasskey('http://localhost'), new SoftPasskey('http://localhost')]
  for (const [index, one] of [agent, other].entries()) {
    const { json } = await one.browser.ask('POST', '/api/me/factors/passkey/options')
    const answer = keys[index]!.create(String(json['challenge']))
    t.equal((await one.browser.ask('POST', '/api/me/factors/passkey', { name: 'L', answer })).status, 201)
  }
  const { code } = await resetBy(admin, agent.id)
  const browser = new Browser(served)
  t.match((await browser.ask('POST', '/api/activation', { code })).json, {
    factor: { passkeysAt: 'http://localhost' },
  })
  const answered = async (key: SoftPasskey, options: string) => {
    const { json } = await browser.ask('POST', options)
    return activate(browser, code, { passkey: key.get(String(json['challenge'])) })
  }
  t.match((await answered(keys[1]!, '/api/activation/passkey/options')).json, { code: 'passkey-refused' })
  t.match((await answered(keys[0]!, '/api/sign-in/passkey/options')).json, { code: 'challenge-gone' })
  t.equal((await answered(keys[0]!, '/api/activation/passkey/options')).status, 204)
})

t.test(
  'a supervisor confirms the reset of an agent, sees no other proposals, and neither has the code',
  async (t) => {
    const agent = await someone('agent')
    const target = await someone('supervisor')
    await resetBy(admin, target.id)
    const reset = await resetBy(admin, agent.id)
    const seen = await supervisor.ask('GET', '/api/account-proposals')
    const items = seen.json['items'] as { id: number; account: { id: string; username: string } }[]
    t.match(
      items.find(({ id }) => id === reset.proposal),
      { account: { username: agent.username, name: 'Ioana Pop', roles: ['agent'] } },
    )
    t.notOk(items.some(({ account }) => account.id === target.id))
    const ofTarget = ((await admin.ask('GET', '/api/account-proposals')).json['items'] as typeof items).find(
      ({ account }) => account.id === target.id,
    )
    t.match((await confirm(supervisor, ofTarget?.id ?? 0)).json, { status: 403, code: 'forbidden' })
    t.equal((await agent.browser.ask('GET', '/api/account-proposals')).status, 403)
    const confirmed = await confirm(supervisor, reset.proposal)
    t.equal(confirmed.status, 200)
    const { code } = confirmed.json['activation'] as { code: string }
    for (const part of [reset.code, code])
      t.match((await activate(new Browser(served), part)).json, { code: 'activation-unknown' })
    const owner = new Browser(served)
    t.equal((await activate(owner, `${reset.code} ${code}`)).status, 204)
    t.equal((await enter(agent.username, chosen)).status, 200)
  },
)

t.test('a lost second factor is reset by two persons, and ends', async (t) => {
  const agent = await someone('agent')
  await enrolApp(agent.browser)
  const reset = await resetBy(admin, agent.id, '?factors=end')
  t.match(reset, { status: 200, half: true })
  t.equal((await factorsOf(db, agent.id)).length, 1)
  const confirmed = await confirm(supervisor, reset.proposal)
  const { code } = confirmed.json['activation'] as { code: string }
  t.equal((await activate(new Browser(served), reset.code + code)).status, 204)
  t.same(await factorsOf(db, agent.id), [])
  t.equal((await admin.ask('POST', `/api/accounts/${agent.id}/activation?factors=keep`)).status, 400)
})

t.test('a code that asks for a factor opens nothing once there is none', async (t) => {
  const agent = await someone('agent')
  await enrolApp(agent.browser)
  const { code } = await resetBy(admin, agent.id)
  await sql`insert into account_factor_ends (factor, by) select id, account from account_factors where account = ${agent.id}`.execute(
    db,
  )
  const answer = await activate(new Browser(served), code, { factorCode: '123456' })
  t.match(answer.json, { status: 409, code: 'activation-factor-gone' })
})

t.test(
  'the first code of a newcomer takes one administrator; the server’s console needs nobody else',
  async (t) => {
    const body = { username: 'nou.venit', name: 'Nou Venit', employer: 'Glas SRL', roles: ['agent'] }
    const added = await admin.ask('POST', '/api/accounts', body)
    t.match(added.json, { account: { resetRule: 'one' }, activation: { half: false } })
    const { id } = added.json['account'] as { id: AgentId }
    t.match(await resetBy(admin, id), { half: false })
    const agent = await someone('agent')
    await enrolApp(agent.browser)
    const { code } = await issueActivation(db, { account: agent.id, by: null })
    t.equal((await activate(new Browser(served), code)).status, 204)
  },
)

const version = (account: AgentId, roles: Role[]) => ({
  account,
  name: 'Ioana Pop',
  employer: 'Glas SRL',
  roles,
  closed: false,
  by: null,
})

await attack(
  t,
  {
    attack: 'two administrators at once: one confirms while the other takes their role away',
    before: '200: who was no administrator any more had confirmed a supervisor',
    now: '403: the confirmation waits for the change of the confirmer and looks again',
  },
  async (t) => {
    const second = await someone('administrator')
    const body = { username: 'sef.grabit', name: 'Sef', employer: 'Primăria', roles: ['supervisor'] }
    const added = await admin.ask('POST', '/api/accounts', body)
    const { proposal } = added.json['account'] as { proposal: { id: number } }
    const confirming = await db.transaction().execute(async (trx) => {
      await lockAccess(trx, second.id)
      await trx
        .insertInto('account_versions')
        .values(version(second.id, ['agent']))
        .execute()
      const answer = confirm(second.browser, proposal.id)
      // Let in by the roles that it still has outside this transaction.
      await waitingForLock()
      return { answer }
    })
    t.match((await confirming.answer).json, { status: 403, code: 'forbidden' })
  },
)

await attack(
  t,
  {
    attack: 'two administrators at once close each other’s account',
    before: '200 and 200 in one of four runs: neither of them was left',
    now: 'one of them succeeds',
  },
  async (t) => {
    const [one, two] = [await someone('administrator'), await someone('administrator')]
    // Both are let in before either closing begins.
    const held = await db.transaction().execute(async (trx) => {
      await lockAccess(trx, one.id)
      await lockAccess(trx, two.id)
      const answers = [
        one.browser.ask('POST', `/api/accounts/${two.id}/close`),
        two.browser.ask('POST', `/api/accounts/${one.id}/close`),
      ]
      await waitingForLock(2)
      return { answers }
    })
    const statuses = (await Promise.all(held.answers)).map(({ status }) => status)
    t.same(
      statuses.toSorted((a, b) => a - b),
      [200, 403],
    )
  },
)

/** Until so many requests wait for the access of an account; two seconds at most, so that an attack without it goes on. */
async function waitingForLock(count = 1): Promise<void> {
  for (let looks = 0; looks < 40; looks += 1) {
    const { rows } = await sql<{ waiting: number }>`
      select count(*)::int as waiting from pg_locks
      where locktype = 'advisory' and not granted and classid = 969023
        and database = (select oid from pg_database where datname = current_database())`.execute(db)
    if ((rows[0]?.waiting ?? 0) >= count) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
