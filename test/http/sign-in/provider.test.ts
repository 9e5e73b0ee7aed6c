/** Signing in through an identity provider: `oidc-provider`, which is nobody's of this project. */
import { sql } from 'kysely'
import t from 'tap'
import type { Test } from 'tap'
import type { ProviderSettings } from '../../../src/config.ts'
import { recheckSessions } from '../../../src/http/sign-in/provider-watch.ts'
import { callbackPath } from '../../../src/http/sign-in/provider-routes.ts'
import { IdentityProvider } from '../../../src/people/sign-in/provider.ts'
import { sealWith } from '../../../src/people/sign-in/sealed.ts'
import { addAccount, closeAccount } from '../../../src/people/accounts.ts'
import { setSkills, skilledAgents } from '../../../src/people/skills/agent-skills.ts'
import { issueActivation, useActivation } from '../../../src/people/activations.ts'
import { AgentId } from '../../../src/core/ids.ts'
import { freePort } from '../../../src/stack/services/ports.ts'
import { attack } from '../../support/attack.ts'
import { quickHash } from '../../support/passwords.ts'
import { until } from '../../support/until.ts'
import { password, serve, type Answer, type Served } from '../serve.ts'
import { startIdp, type Idp } from './idp.ts'
import { minutesLater } from './minutes-later.ts'
import { Browser } from './test-browser.ts'

const host = '127.0.0.1:9690'
const origin = `http://${host}`
const secret = 'the secret of the client in the tests'
let subjects = 0

interface Scene {
  readonly served: Served
  readonly idp: Idp
  readonly provider: IdentityProvider
  browser(): Browser
  /** A person with these groups; their subject. */
  person(groups: string[], username?: string): string
  signIn(browser: Browser, subject: string): Promise<Answer>
  /** `meanwhile`: what happens once, between the provider's answers about the sessions and their use. */
  recheck(meanwhile?: () => Promise<void>): Promise<void>
}

async function scene(
  t: Test,
  local: 'all' | readonly string[] = ['admin'],
  skills: ProviderSettings['skills'] = [],
): Promise<Scene> {
  const port = await freePort('127.0.0.1')
  const settings: ProviderSettings = {
    issuer: `http://127.0.0.1:${port}`,
    clientId: 'linia',
    secretFile: '',
    caFile: null,
    name: 'Primăria',
    scopes: 'openid profile',
    rolesClaim: 'groups',
    skills,
    roles: new Map([
      ['cc-agents', 'agent'],
      ['cc-supervisors', 'supervisor'],
      ['cc-admins', 'administrator'],
    ]),
    employer: 'Primăria',
    recheckMs: 60_000,
    unreachedMaxMs: 3_600_000,
  }
  const provider = new IdentityProvider(settings, secret, `${origin}${callbackPath}`, () => Date.now())
  const served = await serve(t, { provider }, [], { origin, local, provider: settings })
  const idp = await startIdp(t, {
    port,
    clientId: settings.clientId,
    secret,
    redirectUri: `${origin}${callbackPath}`,
    logoutUri: `${served.url}/api/sign-in/provider/logout`,
    backTo: `${origin}/sign-in`,
  })
  const { db } = served
  const seal = sealWith('seals the factors of the tests, long enough')
  const log = { info: () => undefined, warn: () => undefined }
  return {
    served,
    idp,
    provider,
    browser: () => new Browser(served, host),
    person(groups, username = `persoana${subjects + 1}`) {
      subjects += 1
      const subject = `subject-${subjects}`
      idp.people.set(subject, { username, name: 'Ioana Provizorie', groups, active: true })
      return subject
    },
    async signIn(browser, subject) {
      const to = (await browser.ask('GET', '/api/sign-in/provider')).headers.get('location') ?? ''
      const back = await idp.signIn(to, subject)
      return browser.ask('GET', back.pathname + back.search)
    },
    async recheck(meanwhile) {
      await sql`update provider_sessions set asked_at = now() - interval '10 minutes'`.execute(db)
      const asked = Object.create(provider) as IdentityProvider
      let happens: Promise<void> | undefined
      asked.recheck = async (...about) => {
        const answer = await provider.recheck(...about)
        await (happens ??= meanwhile?.())
        return answer
      }
      await recheckSessions({ db, provider: asked, seal, log })
    },
  }
}

/** Past the five seconds for which a session is believed. */
function later(served: Served): void {
  served.state.now = (served.state.now ?? Date.now()) + 6_000
}

t.test(
  'a first sign-in makes the account with the roles of the claims; later ones change them',
  async (t) => {
    const { idp, browser, person, signIn } = await scene(t)
    const subject = person(['cc-agents', 'another-group'])
    const first = browser()
    t.equal((await signIn(first, subject)).headers.get('location'), '/')
    const me = await first.ask('GET', '/api/me')
    t.match(me.json, {
      username: `persoana${subjects}`,
      name: 'Ioana Provizorie',
      roles: ['agent'],
      throughProvider: true,
      mustEnrol: false,
    })
    idp.people.get(subject)!.groups = ['cc-supervisors']
    const second = browser()
    await signIn(second, subject)
    t.match((await second.ask('GET', '/api/me')).json, { id: me.json['id'], roles: ['supervisor'] })
  },
)

t.test('groups give skills at each sign-in; a supervisor’s change holds until the next one', async (t) => {
  const { served, idp, browser, person, signIn, recheck } = await scene(
    t,
    ['admin'],
    [
      { value: 'cc-taxe', skill: 'taxe', level: 3 },
      { value: 'cc-agents', skill: 'taxe', level: 1 },
      { value: 'cc-stare', skill: 'stare-civila', level: 2 },
    ],
  )
  const { db } = served
  const subject = person(['cc-agents', 'cc-taxe'])
  const open = browser()
  await signIn(open, subject)
  const account = AgentId(String((await open.ask('GET', '/api/me')).json['id']))
  const now = async () => (await skilledAgents(db)).find(({ id }) => id === account)
  t.strictSame((await now())?.levels, { taxe: 3 }, 'the higher level of two groups, and no other queue')
  const changes = [{ agent: account, basedOn: (await now())?.version ?? 0, levels: { taxe: 5, general: 1 } }]
  await setSkills(db, { changes, reason: 'ajută azi', by: null })
  idp.people.get(subject)!.groups = ['cc-agents', 'cc-stare']
  await recheck()
  t.strictSame((await now())?.levels, { taxe: 5, general: 1 }, 'a check changes nothing')
  await signIn(browser(), subject)
  t.strictSame((await now())?.levels, { taxe: 1, general: 1, 'stare-civila': 2 }, 'others stay as they are')
  const { version } = (await now()) ?? {}
  await signIn(browser(), subject)
  t.equal((await now())?.version, version, 'without a difference there is no further version')
})

t.test('groups that give no skill give none, and a change of the account adds no queue', async (t) => {
  const { served, browser, person, signIn } = await scene(
    t,
    ['admin'],
    [{ value: 'cc-taxe', skill: 'taxe', level: 3 }],
  )
  const { db } = served
  const open = browser()
  await signIn(open, person(['cc-agents']))
  const { id, name } = (await open.ask('GET', '/api/me')).json
  const body = { name, employer: 'Primăria', roles: ['agent', 'editor'] }
  const changed = await served.ask('PUT', `/api/accounts/${String(id)}`, {
    as: await served.signIn('admin'),
    body,
  })
  t.equal(changed.status, 200)
  const agent = (await skilledAgents(db)).find((one) => one.id === id)
  t.strictSame(agent?.levels, {})
})

t.test('a renamed role opens nothing, at the sign-in and at the next check', async (t) => {
  const { served, idp, browser, person, signIn, recheck } = await scene(t)
  const subject = person(['cc-agents'])
  const open = browser()
  await signIn(open, subject)
  idp.people.get(subject)!.groups = ['callcentre-agents']
  t.equal((await signIn(browser(), subject)).headers.get('location'), '/sign-in?outcome=no-role')
  t.equal((await signIn(browser(), person([]))).headers.get('location'), '/sign-in?outcome=no-role')
  t.equal(
    (await signIn(browser(), person(['cc-agents', 'cc-admins']))).headers.get('location'),
    '/sign-in?outcome=no-role',
    'roles that do not go together',
  )
  await recheck()
  later(served)
  t.equal((await open.ask('GET', '/api/me')).status, 401)
})

t.test('a session that nobody could check again ends', async (t) => {
  const { served, browser, person, signIn, recheck } = await scene(t)
  const open = browser()
  await signIn(open, person(['cc-agents']))
  await sql`update provider_sessions set sealed = decode('00', 'hex')`.execute(served.db)
  await recheck()
  later(served)
  t.equal((await open.ask('GET', '/api/me')).status, 401)
})

t.test('a person is found by subject: the provider’s “admin” is not ours', async (t) => {
  const { browser, person, signIn } = await scene(t)
  const impostor = browser()
  await signIn(impostor, person(['cc-agents'], 'admin'))
  const { json } = await impostor.ask('GET', '/api/me')
  t.match(json, { username: /^u[0-9a-f]{16}$/, roles: ['agent'] })
  const other = browser()
  await signIn(other, person(['cc-agents'], 'Nume cu spații și ș'))
  t.match((await other.ask('GET', '/api/me')).json, { username: /^u[0-9a-f]{16}$/ })
})

t.test('a link used twice, in another browser, or with another’s state signs nobody in', async (t) => {
  const { idp, browser, person } = await scene(t)
  const subject = person(['cc-agents'])
  const victim = browser()
  const to = (await victim.ask('GET', '/api/sign-in/provider')).headers.get('location') ?? ''
  const back = await idp.signIn(to, subject)
  const path = back.pathname + back.search
  t.equal(
    (await browser().ask('GET', path)).headers.get('location'),
    '/sign-in?outcome=expired',
    'another browser',
  )
  const copy = victim.copy()
  const attacker = browser()
  await attacker.ask('GET', '/api/sign-in/provider')
  t.equal(
    (await attacker.ask('GET', path)).headers.get('location'),
    '/sign-in?outcome=refused',
    'another’s state',
  )
  t.equal((await victim.ask('GET', path)).headers.get('location'), '/')
  t.equal((await victim.ask('GET', path)).headers.get('location'), '/sign-in?outcome=expired', 'twice')
  t.equal(
    (await copy.ask('GET', path)).headers.get('location'),
    '/sign-in?outcome=expired',
    'with the old cookie',
  )
})

t.test('a link that comes back late signs nobody in', async (t) => {
  const { idp, browser, person } = await scene(t)
  const victim = browser()
  const to = (await victim.ask('GET', '/api/sign-in/provider')).headers.get('location') ?? ''
  const back = await idp.signIn(to, person(['cc-agents']))
  const path = back.pathname + back.search
  await minutesLater(t, 6, async () => {
    t.equal((await victim.ask('GET', path)).headers.get('location'), '/sign-in?outcome=expired')
  })
})

t.test('the browser is first led to the address that the provider knows', async (t) => {
  const { served } = await scene(t)
  const elsewhere = await new Browser(served, 'other.example').ask('GET', '/api/sign-in/provider')
  t.equal(elsewhere.headers.get('location'), `${origin}/api/sign-in/provider`)
})

t.test('deactivated at the provider: the session ends at the next check', async (t) => {
  const { served, idp, browser, person, signIn, recheck } = await scene(t)
  const subject = person(['cc-agents'])
  const open = browser()
  await signIn(open, subject)
  await recheck()
  later(served)
  t.equal((await open.ask('GET', '/api/me')).status, 200, 'still active')
  idp.people.get(subject)!.active = false
  await recheck()
  later(served)
  t.equal((await open.ask('GET', '/api/me')).status, 401)
})

t.test('an account closed here is out at once, and the provider cannot let it in again', async (t) => {
  const { served, browser, person, signIn } = await scene(t)
  const subject = person(['cc-agents'])
  const open = browser()
  await signIn(open, subject)
  const { json } = await open.ask('GET', '/api/me')
  await closeAccount(served.db, AgentId(String(json['id'])), null)
  later(served)
  t.equal((await open.ask('GET', '/api/me')).status, 401)
  t.equal((await signIn(browser(), subject)).headers.get('location'), '/sign-in?outcome=closed')
})

t.test(
  'signing out here leads to the provider’s page, which ends every session by its message',
  async (t) => {
    const { served, idp, browser, person, signIn } = await scene(t)
    const subject = person(['cc-agents'])
    const [one, two, other] = [browser(), browser(), browser()]
    await signIn(one, subject)
    await signIn(two, subject)
    await signIn(other, person(['cc-agents']))
    const out = await one.ask('GET', '/api/sign-in/provider/sign-out')
    const to = out.headers.get('location') ?? ''
    t.match(to, /\/session\/end\?.*id_token_hint=/)
    t.equal((await one.ask('GET', '/api/me')).status, 401)
    later(served)
    t.equal((await two.ask('GET', '/api/me')).status, 200)
    t.equal(await idp.signOut(to, subject), 303)
    await until(async () => {
      later(served)
      return (await two.ask('GET', '/api/me')).status === 401
    })
    t.equal((await other.ask('GET', '/api/me')).status, 200, 'somebody else’s session goes on')
  },
)

t.test('with the provider designated accounts alone use their password', async (t) => {
  const { browser } = await scene(t)
  t.equal((await browser().signIn('admin')).status, 200)
  t.match((await browser().signIn('agent01')).json, { status: 401, code: 'use-provider' })
  t.match((await browser().ask('GET', '/api/sign-in')).json, {
    provider: { name: 'Primăria', passwordsToo: false },
  })
})

t.test('an account is linked with the provider by its own session, once', async (t) => {
  const { idp, browser, person } = await scene(t, 'all')
  const subject = person(['cc-supervisors'])
  const link = async (one: Browser) => {
    const to = (await one.ask('GET', '/api/sign-in/provider/link')).headers.get('location') ?? ''
    const back = await idp.signIn(to, subject)
    return (await one.ask('GET', back.pathname + back.search)).headers.get('location')
  }
  t.equal((await browser().ask('GET', '/api/sign-in/provider/link')).status, 401)
  const own = browser()
  await own.signIn('super')
  t.equal(await link(own), '/')
  t.match((await own.ask('GET', '/api/me')).json, { username: 'super', throughProvider: true })
  const thief = browser()
  await thief.signIn('audit')
  t.equal(await link(thief), '/sign-in?outcome=linked')
})

await attack(
  t,
  {
    attack: 'links an own person at the identity provider with a stolen session, and waits for the reset',
    before:
      'the person signed in as the owner of the account after the reset; a link begun before it was made after it',
    now: 'a reset ends the link; a link is made only while the session that began it is open',
  },
  async (t) => {
    const { served, idp, browser, person, signIn } = await scene(t, 'all')
    const { db } = served
    const owned = async (username: string) => {
      const owner = { username, name: 'Ana Pop', employer: 'Primăria', roles: ['agent' as const] }
      const added = await addAccount(db, { ...owner, password }, quickHash)
      if (!added.ok) throw new Error(added.why)
      return added.account.id
    }
    const reset = async (account: AgentId) => {
      const { code } = await issueActivation(db, { account, by: null })
      const used = await useActivation(db, { code, browser: 'b', password }, quickHash)
      t.ok(used.ok, JSON.stringify(used))
    }
    const linking = async (username: string, subject: string) => {
      const one = browser()
      t.equal((await one.signIn(username)).status, 200)
      const to = (await one.ask('GET', '/api/sign-in/provider/link')).headers.get('location') ?? ''
      const back = await idp.signIn(to, subject)
      return async () => (await one.ask('GET', back.pathname + back.search)).headers.get('location')
    }
    const whoIs = async (subject: string) => {
      const one = browser()
      await signIn(one, subject)
      return (await one.ask('GET', '/api/me')).json
    }
    const [planted, late, own] = [person(['cc-agents']), person(['cc-agents']), person(['cc-agents'])]
    const [legat, apoi] = [await owned('legat'), await owned('legat.apoi')]
    t.equal(await (await linking('legat', planted))(), '/')
    t.match(await whoIs(planted), { username: 'legat' })
    await reset(legat)
    const thief = await whoIs(planted)
    t.not(thief['username'], 'legat')

    const link = await linking('legat.apoi', late)
    await reset(apoi)
    t.equal(await link(), '/sign-in?outcome=expired')
    t.not((await whoIs(late))['username'], 'legat.apoi')

    t.equal(await (await linking('legat', planted))(), '/sign-in?outcome=linked')
    t.equal(await (await linking('legat', own))(), '/', 'the owner links anew')
    await issueActivation(db, { account: AgentId(String(thief['id'])), by: null })
    t.equal((await whoIs(planted))['id'], thief['id'], 'an account that the provider has made')
  },
)

await attack(
  t,
  {
    attack: 'becomes a supervisor of the provider with an old local password of the account',
    before:
      '200: with LOCAL_SIGN_IN=all, and after the provider was given up, the old password led to the new role',
    now: '401 use-provider: a linked account signs in by the provider, unless LOCAL_SIGN_IN names it',
  },
  async (t) => {
    const { served, idp, browser, person } = await scene(t, 'all')
    const { db } = served
    const username = 'cu.parola'
    const account = { username, name: 'Ana Pop', employer: 'Primăria', roles: ['agent' as const] }
    const added = await addAccount(db, { ...account, password }, quickHash)
    if (!added.ok) throw new Error(added.why)
    const owner = browser()
    t.equal((await owner.signIn(username)).status, 200, 'not linked yet')
    const to = (await owner.ask('GET', '/api/sign-in/provider/link')).headers.get('location') ?? ''
    const back = await idp.signIn(to, person(['cc-supervisors']))
    await owner.ask('GET', back.pathname + back.search)
    t.match((await owner.ask('GET', '/api/me')).json, { username, roles: ['supervisor'] })
    t.match((await browser().signIn(username)).json, { status: 401, code: 'use-provider' })

    const named = await serve(t, { db, provider: null }, [], { local: [username], provider: null })
    t.equal((await new Browser(named).signIn(username)).status, 200, 'a setting names the account')
    const without = await serve(t, { db, provider: null }, [], { local: 'all', provider: null })
    t.match(
      (await new Browser(without).signIn(username)).json,
      { status: 401, code: 'older-than-link' },
      'also when the provider was given up',
    )
    const { code } = await issueActivation(db, { account: added.account.id, by: null })
    await useActivation(db, { code, browser: 'b', password }, quickHash)
    t.equal((await new Browser(without).signIn(username)).status, 200, 'a reset gives a new password')
  },
)

t.test(
  'after a reset the owner of a linked account signs in with the new password, and links it again',
  async (t) => {
    // Nobody is named: a local password leads to no account of the people at work.
    const { served, idp, provider, browser, person, signIn, recheck } = await scene(t, ['legat.dinainte'])
    const { db } = served
    const owner = {
      username: 'legat.dinainte',
      name: 'Ana Pop',
      employer: 'Primăria',
      roles: ['agent' as const],
    }
    const added = await addAccount(db, { ...owner, password }, quickHash)
    if (!added.ok) throw new Error(added.why)
    const one = browser()
    await one.signIn(owner.username)
    const link = async (by: Browser): Promise<void> => {
      const to = (await by.ask('GET', '/api/sign-in/provider/link')).headers.get('location') ?? ''
      const back = await idp.signIn(to, subject)
      t.equal((await by.ask('GET', back.pathname + back.search)).headers.get('location'), '/')
    }
    const subject = person(['cc-agents'])
    await link(one)
    const atWork = browser()
    await signIn(atWork, subject)
    t.match((await atWork.ask('GET', '/api/me')).json, { username: owner.username })

    const strict = await serve(t, { db, provider }, [], { origin, local: [], provider: provider.settings })
    const here = (): Browser => new Browser(strict, host)
    const accounts = async () => (await db.selectFrom('accounts').select('id').execute()).length
    const before = await accounts()
    let code = ''
    await recheck(async () => {
      ;({ code } = await issueActivation(db, { account: added.account.id, by: null }))
    })
    t.not(code, '', 'reset while the provider was asked about the session')
    t.equal(await accounts(), before, 'the check makes no second account')
    t.equal((await here().signIn(owner.username)).status, 401, 'the old password')
    t.ok((await useActivation(db, { code, browser: 'b', password }, quickHash)).ok)
    const again = here()
    t.equal((await again.signIn(owner.username)).status, 200)
    await link(again)
    t.match((await here().signIn(owner.username)).json, { status: 401, code: 'use-provider' }, 'linked again')
  },
)
