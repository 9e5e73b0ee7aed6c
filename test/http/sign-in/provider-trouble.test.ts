/** An identity provider that is down, slow, broken, or lies. */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import t from 'tap'
import type { Test } from 'tap'
import type { JWTPayload } from 'jose'
import type { ProviderSettings } from '../../../src/config.ts'
import { recheckSessions } from '../../../src/http/sign-in/provider-watch.ts'
import { callbackPath } from '../../../src/http/sign-in/provider-routes.ts'
import { IdentityProvider } from '../../../src/people/sign-in/provider.ts'
import { sealWith } from '../../../src/people/sign-in/sealed.ts'
import { freePort } from '../../../src/stack/services/ports.ts'
import { attack } from '../../support/attack.ts'
import { until } from '../../support/until.ts'
import { serve, type Served } from '../serve.ts'
import { clientId, startLyingIdp, type Lies, type LyingIdp } from './lying-idp.ts'
import { Browser } from './test-browser.ts'

const host = '127.0.0.1:9690'
const origin = `http://${host}`
const minute = 60

interface Scene {
  readonly served: Served
  readonly idp: LyingIdp
  /** A whole sign-in; where it ends. */
  enter(browser?: Browser): Promise<string>
  browser(): Browser
  recheck(): Promise<void>
}

async function scene(t: Test, change: Partial<ProviderSettings> = {}): Promise<Scene> {
  const port = await freePort('127.0.0.1')
  const idp = await startLyingIdp(t, port)
  const settings: ProviderSettings = {
    issuer: idp.issuer,
    clientId,
    secretFile: '',
    caFile: null,
    name: 'Primăria',
    scopes: 'openid profile',
    rolesClaim: 'groups',
    skills: [],
    roles: new Map([['cc-agents', 'agent']]),
    employer: 'Primăria',
    recheckMs: 60_000,
    unreachedMaxMs: 3_600_000,
    ...change,
  }
  let now = Date.now
  const provider = new IdentityProvider(settings, 'a secret', `${origin}${callbackPath}`, () => now())
  const served = await serve(t, { provider }, [], { origin, local: ['super'], provider: settings })
  const { db } = served
  const browser = () => new Browser(served, host)
  return {
    served,
    idp,
    browser,
    async enter(one = browser()) {
      const to = (await one.ask('GET', '/api/sign-in/provider')).headers.get('location') ?? ''
      if (to.startsWith('/')) return to
      const end = await one.ask('GET', `${callbackPath}?${idp.back(to)}`)
      return end.headers.get('location') ?? String(end.status)
    },
    async recheck() {
      await sql`update provider_sessions set asked_at = now() - interval '10 minutes'`.execute(db)
      const log = { info: () => undefined, warn: () => undefined }
      const seal = sealWith('seals the factors of the tests, long enough')
      // The provider may have failed a moment ago; by the next round it is asked again.
      now = () => Date.now() + 60_000
      await recheckSessions({ db, provider, seal, log })
      now = Date.now
    },
  }
}

t.test('an ID token that is not in order signs nobody in', async (t) => {
  const { idp, enter } = await scene(t)
  t.equal(await enter(), '/', 'one that is in order does')
  const seconds = Math.floor(Date.now() / 1_000)
  const lies: readonly [string, Lies][] = [
    ['a foreign signature', { foreignKey: true }],
    ['no signature', { unsigned: true }],
    ['another issuer', { claims: { iss: 'https://login.example' } }],
    ['another audience', { claims: { aud: 'another-application' } }],
    ['another nonce', { claims: { nonce: 'recorded elsewhere' } }],
    ['expired', { claims: { exp: seconds - minute, iat: seconds - 10 * minute } }],
    [
      'of the future',
      { claims: { iat: seconds + 10 * minute, nbf: seconds + 10 * minute, exp: seconds + 20 * minute } },
    ],
  ]
  for (const [name, lie] of lies) {
    Object.assign(idp.lies, { claims: {}, foreignKey: false, unsigned: false }, lie)
    t.equal(await enter(), '/sign-in?outcome=refused', name)
  }
  Object.assign(idp.lies, {
    claims: { exp: seconds - 20, nbf: seconds + 20 },
    foreignKey: false,
    unsigned: false,
  })
  t.equal(await enter(), '/', 'clocks may differ by half a minute')
})

t.test('a code that the provider refuses, and a broken token endpoint', async (t) => {
  const { idp, enter } = await scene(t)
  idp.lies.tokens = { status: 400, body: '{"error":"invalid_grant"}' }
  t.equal(await enter(), '/sign-in?outcome=refused', 'a replayed code')
  for (const [status, body] of [
    [500, '{"error":"server_error"}'],
    [502, '<html>bad gateway</html>'],
    [401, '{"error":"invalid_client"}'],
  ] as const) {
    idp.lies.tokens = { status, body }
    t.equal(await enter(), '/sign-in?outcome=away', `${status}`)
  }
  idp.lies.tokens = { status: 200, body: '{"access_token":"x","token_type":"Bearer"}' }
  t.equal(await enter(), '/sign-in?outcome=refused', 'no ID token')
})

t.test('metadata of another issuer are not believed', async (t) => {
  const { idp, enter } = await scene(t)
  idp.lies.issuer = 'https://login.example'
  t.equal(await enter(), '/sign-in?outcome=away')
})

t.test('a slow provider delays its own sign-ins, for some seconds, and nobody else’s', async (t) => {
  const { idp, enter, browser } = await scene(t)
  idp.lies.slowMs = 20_000
  const since = performance.now()
  let isOver = false
  const slow = enter().finally(() => (isOver = true))
  const page = await browser().ask('GET', '/api/sign-in')
  t.equal(page.status, 200)
  t.equal((await browser().signIn('super')).status, 200)
  t.notOk(isOver, 'the sign-in page and a designated account do not wait')
  t.equal(await slow, '/sign-in?outcome=away')
  t.ok(performance.now() - since < 18_000)
})

t.test('while the provider is down, the page says so, and designated accounts sign in', async (t) => {
  const { idp, enter, browser } = await scene(t)
  await idp.stop()
  t.equal(await enter(), '/sign-in?outcome=away')
  await until(async () => {
    const { json } = await browser().ask('GET', '/api/sign-in')
    return !(json['provider'] as { answers: boolean }).answers
  })
  t.equal((await browser().signIn('super')).status, 200)
  t.match((await browser().signIn('agent01')).json, { code: 'use-provider' }, 'the others wait for it')
})

t.test('sessions outlive a provider that is down, for a bounded time', async (t) => {
  const { served, idp, enter, browser, recheck } = await scene(t)
  const open = browser()
  t.equal(await enter(open), '/')
  await idp.stop()
  await recheck()
  served.state.now = Date.now() + 6_000
  t.equal((await open.ask('GET', '/api/me')).status, 200)
  await sql`update provider_sessions set confirmed_at = now() - interval '61 minutes'`.execute(served.db)
  await recheck()
  served.state.now = Date.now() + 12_000
  t.equal((await open.ask('GET', '/api/me')).status, 401)
})

t.test('a check that says no ends the session; one that is no answer does not', async (t) => {
  const { served, idp, enter, browser, recheck } = await scene(t)
  let later = 0
  const status = async (open: Browser) => {
    served.state.now = Date.now() + (later += 6_000)
    return (await open.ask('GET', '/api/me')).status
  }
  const open = browser()
  await enter(open)
  for (const tokens of [
    { status: 503, body: '{}' },
    { status: 401, body: '{"error":"invalid_client"}' },
  ]) {
    idp.lies.tokens = tokens
    await recheck()
    t.equal(await status(open), 200, `${tokens.status}`)
  }
  idp.lies.tokens = { status: 400, body: '{"error":"invalid_grant"}' }
  await recheck()
  t.equal(await status(open), 401)
  delete idp.lies.tokens
  const other = browser()
  await enter(other)
  idp.lies.claims = { sub: 'somebody-else' }
  await recheck()
  t.equal(await status(other), 401, 'refreshed tokens of another person')
})

await attack(
  t,
  {
    attack: 'keeps a role that the provider has taken away, where refreshed tokens come without an ID token',
    before: 'the session went on with the role of the first ID token, as agent, until it was 13 hours old',
    now: 'the userinfo endpoint is asked; where that says nothing about roles, the session ends at a bound',
  },
  async (t) => {
    const { served, idp, enter, browser, recheck } = await scene(t)
    let later = 0
    const status = async (open: Browser) => {
      served.state.now = Date.now() + (later += 6_000)
      return (await open.ask('GET', '/api/me')).status
    }
    idp.lies.noRefreshedId = true
    const open = browser()
    await enter(open)
    idp.lies.userinfo = { groups: ['cc-agents'] }
    await recheck()
    t.equal(await status(open), 200, 'still an agent')
    idp.lies.userinfo = { groups: ['former'] }
    await recheck()
    t.equal(await status(open), 401, 'no agent any more')

    idp.lies.userinfo = {}
    const silent = browser()
    await enter(silent)
    await recheck()
    t.equal(await status(silent), 200, 'roles come in ID tokens alone')
    await sql`update provider_sessions set confirmed_at = now() - interval '61 minutes'`.execute(served.db)
    await recheck()
    t.equal(await status(silent), 401, 'but not for ever')
  },
)

t.test(
  'a check whose answer is signed by somebody else, or is about somebody else, ends the session',
  async (t) => {
    const { served, idp, enter, browser, recheck } = await scene(t)
    let later = 0
    for (const [name, lie] of [
      ['a foreign signature', { foreignKey: true }],
      ['no signature', { unsigned: true }],
      ['the userinfo of another person', { noRefreshedId: true, userinfo: { sub: 'somebody-else' } }],
    ] as readonly [string, Lies][]) {
      const open = browser()
      t.equal(await enter(open), '/')
      Object.assign(idp.lies, lie)
      await recheck()
      served.state.now = Date.now() + (later += 6_000)
      t.equal((await open.ask('GET', '/api/me')).status, 401, name)
      Object.assign(idp.lies, { foreignKey: false, unsigned: false, noRefreshedId: false, userinfo: {} })
    }
  },
)

t.test('a slow provider ends no session at once', { timeout: 25_000 }, async (t) => {
  const { served, idp, enter, browser, recheck } = await scene(t)
  const open = browser()
  t.equal(await enter(open), '/')
  idp.lies.slowMs = 20_000
  const since = performance.now()
  await recheck()
  t.ok(performance.now() - since < 12_000, 'nor is it waited for')
  served.state.now = Date.now() + 6_000
  t.equal((await open.ask('GET', '/api/me')).status, 200)
})

t.test('roles from the userinfo endpoint alone end with it', async (t) => {
  const { served, idp, enter, browser, recheck } = await scene(t)
  idp.lies.noRefreshedId = true
  idp.lies.claims = { groups: undefined }
  idp.lies.userinfo = { groups: ['cc-agents'] }
  const open = browser()
  t.equal(await enter(open), '/')
  idp.lies.userinfo = {}
  await recheck()
  served.state.now = Date.now() + 6_000
  t.equal((await open.ask('GET', '/api/me')).status, 401)
})

t.test('a provider without a userinfo endpoint and without refreshed ID tokens: the bound', async (t) => {
  const { served, idp, enter, browser, recheck } = await scene(t, { unreachedMaxMs: 0 })
  Object.assign(idp.lies, { noRefreshedId: true, noUserinfo: true })
  const open = browser()
  t.equal(await enter(open), '/')
  await recheck()
  served.state.now = Date.now() + 6_000
  t.equal((await open.ask('GET', '/api/me')).status, 401)
})

t.test('a logout message ends the session it names, once, and only when it is in order', async (t) => {
  const { served, idp, enter, browser } = await scene(t)
  idp.lies.claims = { sid: 'session-1' }
  const [open, other] = [browser(), browser()]
  await enter(open)
  idp.lies.claims = { sid: 'session-2' }
  await enter(other)
  let later = 0
  const status = async (one: Browser) => {
    served.state.now = Date.now() + (later += 6_000)
    return (await one.ask('GET', '/api/me')).status
  }
  const seconds = Math.floor(Date.now() / 1_000)
  const right = (): JWTPayload => ({
    iss: idp.issuer,
    aud: clientId,
    iat: seconds,
    exp: seconds + 120,
    jti: randomUUID(),
    sid: 'session-1',
    events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
  })
  const send = async (token: string) => {
    const answer = await fetch(`${served.url}/api/sign-in/provider/logout`, {
      method: 'POST',
      body: new URLSearchParams({ logout_token: token }),
    })
    return answer.status
  }
  const { sid: _sid, ...nobody } = right()
  const { jti: _jti, ...unnamed } = right()
  for (const [name, token] of [
    ['a foreign signature', await idp.logoutToken(right(), true)],
    ['another issuer', await idp.logoutToken({ ...right(), iss: 'https://login.example' })],
    ['another audience', await idp.logoutToken({ ...right(), aud: 'another' })],
    ['old', await idp.logoutToken({ ...right(), iat: seconds - 3_600 })],
    ['an ID token', await idp.logoutToken({ ...right(), nonce: 'x' })],
    ['no event', await idp.logoutToken({ ...right(), events: {} })],
    ['nobody', await idp.logoutToken(nobody)],
    ['no name of its own', await idp.logoutToken(unnamed)],
    ['no token', 'x.y.z'],
  ] as const) {
    t.equal(await send(token), 400, name)
    t.equal(await status(open), 200, name)
  }
  const token = await idp.logoutToken(right())
  t.equal(await send(token), 200)
  t.equal(await status(open), 401)
  t.equal(await status(other), 200, 'another session of the same person goes on')
  t.equal(await send(token), 400, 'a second time')
})
