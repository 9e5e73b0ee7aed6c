/** Attacks by an administrator: they must not become anybody else. */
import t from 'tap'
import { attack } from '../../support/attack.ts'
import { cookieIn, serve } from '../serve.ts'

const newcomer = { username: 'ioana.pop', name: 'Ioana Pop', employer: 'Glas SRL', roles: ['agent'] }

interface Issued {
  readonly account: { readonly id: string; readonly proposal: { readonly id: number } }
  readonly activation: { readonly code: string }
}

t.test('an administrator who wants to be somebody else', async (t) => {
  const served = await serve(t)
  const { ask } = served
  const as = await served.signIn('admin')

  await attack(
    t,
    {
      attack: 'an administrator signs in with the password of the account that they open',
      before: 'the answer had the password; it opened a session, and the owner could not know',
      now: 'there is no password to read; using the code shows to its owner',
    },
    async (t) => {
      const added = await ask('POST', '/api/accounts', { as, body: newcomer })
      t.equal(added.status, 201)
      t.notOk('password' in added.json, 'the answer has a password')
      const body = { username: 'ioana.pop', password: added.json['password'] ?? 'none' }
      t.equal((await ask('POST', '/api/session', { body })).status, 401)
    },
  )

  await attack(
    t,
    {
      attack: 'an administrator reads the SIP secret of an agent’s desk phone',
      before: 'the answer to a new account had it',
      now: 'only the agent can show it',
    },
    async (t) => {
      const added = await ask('POST', '/api/accounts', { as, body: { ...newcomer, username: 'ana.pop' } })
      t.equal(added.status, 201)
      t.notMatch(added.text, 'secret of ana.pop')
    },
  )

  await attack(
    t,
    {
      attack: 'an administrator makes a supervisor alone and reads the calls',
      before: '201, and the new supervisor signed in and listed the calls',
      now: 'the account has no role until a second administrator confirms it',
    },
    async (t) => {
      const body = { ...newcomer, username: 'sef.nou', roles: ['supervisor'] }
      const added = await ask('POST', '/api/accounts', { as, body })
      t.equal(added.status, 201)
      t.same((added.json['account'] as { roles: string[] }).roles, [])
      const signedIn = await ask('POST', '/api/session', {
        body: { username: 'sef.nou', password: added.json['password'] ?? 'none' },
      })
      t.equal(signedIn.status, 401)
      t.not((await ask('GET', '/api/calls', { as: cookieIn(signedIn) })).status, 200)
    },
  )

  await attack(
    t,
    {
      attack: 'an administrator makes an agent a supervisor alone',
      before: '200, the agent was a supervisor at once',
      now: 'the roles stay until a second administrator confirms them',
    },
    async (t) => {
      const path = `/api/accounts/${served.people.agent02.id}`
      const body = { name: 'Barbu Ionescu', employer: 'Primăria', roles: ['agent', 'supervisor'] }
      t.same((await ask('PUT', path, { as, body })).json['roles'], ['agent'])
    },
  )

  await attack(
    t,
    {
      attack: 'an administrator makes a second administrator and lets it confirm',
      before:
        '201 with its password; the same person signed in with it and made their first account a supervisor (200)',
      now: 'the second administrator needs somebody else, and nobody confirms what they proposed',
    },
    async (t) => {
      const body = { ...newcomer, username: 'eu.insumi', roles: ['administrator'] }
      const added = await ask('POST', '/api/accounts', { as, body })
      t.match(added.json, { account: { proposal: { roles: ['administrator'] } }, activation: { half: true } })
      const { account, activation } = added.json as unknown as Issued
      const own = await ask('POST', `/api/account-proposals/${account.proposal.id}/confirm`, { as })
      t.match(own.json, { status: 403, code: 'own-proposal' })
      const use = { code: activation.code, password: 'o parolă aleasă de mine' }
      t.match((await ask('POST', '/api/activation/password', { body: use })).json, {
        code: 'activation-unknown',
      })
    },
  )

  await attack(
    t,
    {
      attack: 'an administrator becomes the supervisor by resetting their account',
      before: 'no reset existed: a lost password was a lost account',
      now: 'a second administrator confirms, and neither has the whole code',
    },
    async (t) => {
      const { super: target } = served.people
      const reset = await ask('POST', `/api/accounts/${target.id}/activation`, { as })
      t.match(reset.json, { activation: { half: true, expiresAt: null } })
      await served.signIn('super')
      t.pass('the supervisor’s password works until a second administrator confirms')
      const { account, activation } = reset.json as unknown as Issued
      const use = { code: activation.code, password: 'o parolă aleasă de mine' }
      t.match((await ask('POST', '/api/activation/password', { body: use })).json, {
        code: 'activation-unknown',
      })
      await ask('POST', `/api/account-proposals/${account.proposal.id}/refuse`, { as })
    },
  )

  await attack(
    t,
    {
      attack: 'an administrator makes an auditor who is a supervisor, too',
      before: '201: one account audits its own looks',
      now: '400: an auditor has no other role',
    },
    async (t) => {
      const body = { ...newcomer, username: 'tot.eu', roles: ['auditor', 'supervisor'] }
      t.match((await ask('POST', '/api/accounts', { as, body })).json, {
        status: 400,
        code: 'roles-not-together',
      })
    },
  )
})
