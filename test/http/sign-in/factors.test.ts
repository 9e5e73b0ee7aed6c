/** Second factors and passkeys: enrolment, sign-in, and the ways around them. */
import { once } from 'node:events'
import { request as open, type IncomingMessage } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { addAccount, accountByUsername } from '../../../src/people/accounts.ts'
import { issueActivation, useActivation } from '../../../src/people/activations.ts'
import { addPasskey, factorsOf } from '../../../src/people/sign-in/factors.ts'
import { recoveryCodesLeft, recoveryUsedAt } from '../../../src/people/sign-in/recovery-codes.ts'
import { totpAt } from '../../../src/people/sign-in/totp.ts'
import { iso } from '../../../src/http/shell/iso-time.ts'
import type { Role } from '../../../src/http/wire.ts'
import { attack } from '../../support/attack.ts'
import { quickHash } from '../../support/passwords.ts'
import { password, serve, type Answer, type Served } from '../serve.ts'
import { fromBase32 } from './base32.ts'
import { minutesLater } from './minutes-later.ts'
import { Browser } from './test-browser.ts'
import { enrolApp } from './totp-app.ts'
import { SoftPasskey, type Lies } from './authenticator.ts'

const origin = 'http://localhost'
let people = 0

async function person(served: Served, ...roles: Role[]): Promise<string> {
  people += 1
  const username = `factor${people}`
  const account = { username, name: 'Cineva', employer: 'Primăria', roles, password }
  const added = await addAccount(served.db, account, quickHash)
  if (!added.ok) throw new Error(added.why)
  return username
}

async function enrolPasskey(
  browser: Browser,
  lies: Lies = {},
): Promise<{ passkey: SoftPasskey; answer: Answer }> {
  const passkey = new SoftPasskey(origin)
  const { json } = await browser.ask('POST', '/api/me/factors/passkey/options')
  const answer = await browser.ask('POST', '/api/me/factors/passkey', {
    name: 'Laptop',
    answer: passkey.create(String(json['challenge']), lies),
  })
  return { passkey, answer }
}

async function withPasskey(browser: Browser, passkey: SoftPasskey, lies: Lies = {}): Promise<Answer> {
  const { json } = await browser.ask('POST', '/api/sign-in/passkey/options')
  return browser.ask('POST', '/api/sign-in/passkey', passkey.get(String(json['challenge']), lies))
}

t.test('an app is enrolled and asked for at every sign-in; its code works once', async (t) => {
  const served = await serve(t)
  const username = await person(served, 'agent')
  const browser = new Browser(served)
  t.equal((await browser.signIn(username)).status, 200)
  const { secret, recoveryCodes } = await enrolApp(browser)
  t.equal(recoveryCodes.length, 10)
  t.equal((await browser.ask('GET', '/api/me')).status, 200, 'the session goes on')

  const other = new Browser(served)
  t.match((await other.signIn(username)).json, { code: 'code-needed' })
  t.match((await other.signIn(username, '000000')).json, { code: 'wrong-code' })
  const code = totpAt(secret, Date.now())
  t.equal((await other.signIn(username, code)).status, 200)
  t.match(
    (await new Browser(served).signIn(username, code)).json,
    { code: 'wrong-code' },
    'used once already',
  )
  const [first = ''] = recoveryCodes
  t.equal((await new Browser(served).signIn(username, first.toLowerCase())).status, 200, 'a recovery code')
  t.match((await new Browser(served).signIn(username, first)).json, { code: 'wrong-code' }, 'works once')
  const mine = await other.ask('GET', '/api/me/factors')
  t.match(mine.json, { items: [{ kind: 'totp', name: 'Telefon' }], recoveryCodesLeft: 9, required: false })
  const renewed = await other.ask('POST', '/api/me/recovery-codes')
  t.match((await new Browser(served).signIn(username, recoveryCodes[1])).json, { code: 'wrong-code' })
  const fresh = (renewed.json['codes'] as string[])[0] ?? ''
  t.equal((await new Browser(served).signIn(username, fresh)).status, 200, 'a new set replaces the old one')
})

t.test('two tries with one code at once: one is accepted', async (t) => {
  const served = await serve(t)
  const username = await person(served, 'agent')
  const browser = new Browser(served)
  await browser.signIn(username)
  const { secret, recoveryCodes } = await enrolApp(browser)
  for (const code of [totpAt(secret, Date.now()), recoveryCodes[0] ?? '']) {
    const answers = await Promise.all([1, 2, 3].map(() => new Browser(served).signIn(username, code)))
    t.equal(answers.filter(({ status }) => status === 200).length, 1)
  }
})

t.test('a wrong first code adds nothing; an app of another account cannot be proved', async (t) => {
  const served = await serve(t)
  const [browser, other] = [new Browser(served), new Browser(served)]
  await browser.signIn(await person(served, 'agent'))
  await other.signIn(await person(served, 'agent'))
  const made = await browser.ask('POST', '/api/me/factors/totp/secret')
  const secret = fromBase32(String(made.json['secret']))
  const wrong = await browser.ask('POST', '/api/me/factors/totp', { name: 'x', code: '000 000' })
  t.match(wrong.json, { status: 409, code: 'wrong-new-code' })
  const body = { name: 'x', code: totpAt(secret, Date.now()) }
  t.match((await other.ask('POST', '/api/me/factors/totp', body)).json, { code: 'challenge-gone' })
  const copy = browser.copy()
  t.equal((await browser.ask('POST', '/api/me/factors/totp', body)).status, 201)
  t.not((await copy.ask('POST', '/api/me/factors/totp', body)).status, 201, 'its secret is added once')
  t.equal(((await browser.ask('GET', '/api/me/factors')).json['items'] as unknown[]).length, 1)
})

t.test('a passkey signs in alone, and is required where it is the only factor', async (t) => {
  const served = await serve(t)
  const username = await person(served, 'supervisor')
  const browser = new Browser(served)
  await browser.signIn(username)
  const { passkey, answer } = await enrolPasskey(browser)
  t.equal(answer.status, 201)
  const other = new Browser(served)
  t.match((await withPasskey(other, passkey)).json, { username, mustEnrol: false })
  t.equal((await other.ask('GET', '/api/me')).status, 200)
  t.match((await new Browser(served).signIn(username)).json, { code: 'code-needed' }, 'recovery codes remain')
  const methods = await served.db
    .selectFrom('sessions')
    .select('method')
    .where('method', '=', 'passkey')
    .execute()
  t.ok(methods.length > 0, 'the session has its method')
})

t.test('removing a factor ends the other sessions, and the factor signs nobody in', async (t) => {
  const served = await serve(t)
  const username = await person(served, 'agent')
  const browser = new Browser(served)
  await browser.signIn(username)
  const { passkey, answer } = await enrolPasskey(browser)
  const thief = new Browser(served)
  await withPasskey(thief, passkey)
  const mine = await browser.ask('GET', '/api/me/factors')
  const [{ id } = { id: 0 }] = mine.json['items'] as { id: number }[]
  const stranger = new Browser(served)
  await stranger.signIn(await person(served, 'agent'))
  t.equal((await stranger.ask('DELETE', `/api/me/factors/${id}`)).status, 404, 'not somebody else’s')
  t.equal((await browser.ask('DELETE', `/api/me/factors/${id}`)).status, 204)
  served.state.now = Date.now() + 6_000
  t.equal((await thief.ask('GET', '/api/me')).status, 401)
  t.equal((await browser.ask('GET', '/api/me')).status, 200)
  served.state.now = null
  t.equal((await withPasskey(new Browser(served), passkey)).status, 401)
  const { recoveryCodes: old } = answer.json as { recoveryCodes: string[] }
  const again = new Browser(served)
  t.equal((await again.signIn(username)).status, 200, 'the password alone, without a factor')
  const { recoveryCodes } = await enrolApp(again)
  t.match(
    (await new Browser(served).signIn(username, old[0])).json,
    { code: 'wrong-code' },
    'of the removed factor',
  )
  t.equal((await new Browser(served).signIn(username, recoveryCodes[0])).status, 200)
})

t.test('wrong answers of a passkey add nothing and sign nobody in', async (t) => {
  const served = await serve(t)
  const browser = new Browser(served)
  await browser.signIn(await person(served, 'agent'))
  for (const lies of [
    { origin: 'https://linia.example' },
    { challenge: 'AAAA' },
    { unverified: true },
    { type: 'webauthn.get' },
  ])
    t.match(
      (await enrolPasskey(browser, lies)).answer.json,
      { code: 'passkey-not-added' },
      JSON.stringify(lies),
    )
  const { passkey } = await enrolPasskey(browser)
  for (const lies of [
    { origin: 'https://linia.example' },
    { challenge: 'AAAA' },
    { unverified: true },
    { type: 'webauthn.create' },
  ])
    t.match((await withPasskey(new Browser(served), passkey, lies)).json, { code: 'passkey-refused' })
  t.match((await withPasskey(new Browser(served), new SoftPasskey(origin))).json, { code: 'passkey-refused' })
  const clean = new Browser(served)
  t.match((await clean.ask('POST', '/api/sign-in/passkey', passkey.get('AAAA'))).json, {
    code: 'challenge-gone',
  })
})

await attack(
  t,
  {
    attack: 'signs in to an administrator’s account with the stolen password',
    before: 'the password alone opened the account, listed all accounts (200) and made a supervisor (201)',
    now: '401 code-needed; no session, and guesses of the code are slowed down whatever network they come from',
  },
  async (t) => {
    const served = await serve(t)
    const username = await person(served, 'administrator')
    const owner = new Browser(served)
    await owner.signIn(username)
    const { secret } = await enrolApp(owner)
    const thief = new Browser(served)
    t.match((await thief.signIn(username)).json, { status: 401, code: 'code-needed' })
    t.equal((await thief.ask('GET', '/api/accounts')).status, 401)
    let checked = 0
    for (let network = 1; network <= 40; network += 1) {
      const guess = await new Browser(served).signIn(
        username,
        String(network).padStart(6, '0'),
        `192.0.2.${network}`,
      )
      if (guess.json['code'] === 'wrong-code') checked += 1
      else t.match(guess.json, { code: 'too-many-attempts' })
    }
    t.ok(checked >= 5 && checked <= 10, `${checked} of 40 codes from 40 networks were looked at`)
    const right = await new Browser(served).signIn(username, totpAt(secret, Date.now()))
    t.match(right.json, { code: 'too-many-attempts' }, 'the right code is slowed down, too')
  },
)

/** A request whose last byte is sent later; resolves to the status. */
async function held(
  served: Served,
  { cookie }: Browser,
  path: string,
  body: string,
): Promise<() => Promise<number>> {
  const headers = { cookie, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
  const waiting = open(served.url + path, { method: 'POST', headers })
  const answered = once(waiting, 'response') as Promise<[IncomingMessage]>
  waiting.write(body.slice(0, -1))
  // The server has the head of the request, and waits for the rest of its body.
  await delay(300)
  return async () => {
    waiting.end(body.slice(-1))
    const [answer] = await answered
    answer.resume()
    return answer.statusCode ?? 0
  }
}

await attack(
  t,
  {
    attack: 'adds an app by a request that waits for its last byte until the account was reset and activated',
    before: '201: the app and its recovery codes outlived the reset',
    now: '401: a factor is written only while its session is open, and an activation leaves none',
  },
  async (t) => {
    const served = await serve(t)
    const { db } = served
    const username = await person(served, 'agent')
    const id = (await accountByUsername(db, username))!.id
    const thief = new Browser(served)
    await thief.signIn(username)
    await enrolApp(thief)
    const made = await thief.ask('POST', '/api/me/factors/totp/secret')
    const app = { name: 'x', code: totpAt(fromBase32(String(made.json['secret'])), Date.now()) }
    const last = await held(served, thief, '/api/me/factors/totp', JSON.stringify(app))
    const { code } = await issueActivation(db, { account: id, by: null })
    t.equal(await recoveryCodesLeft(db, id), 0)
    const planted = { name: 'x', rp: 'x', publicKey: Buffer.alloc(1), transports: [] }
    t.ok(await addPasskey(db, id, { ...planted, credential: username }))
    t.notOk(await addPasskey(db, id, { ...planted, credential: username }), 'known already')
    const used = await useActivation(db, { code, browser: 'b', password: 'lampă verde pe dulap' }, quickHash)
    t.ok(used.ok)
    t.equal(await last(), 401)
    t.same(await factorsOf(db, id), [])
    t.equal(await recoveryCodesLeft(db, id), 0)
  },
)

await attack(
  t,
  {
    attack: 'works as administrator or auditor without the second factor that the city requires',
    before: 'there was no such rule: accounts were listed (200), the journal was read (200)',
    now: '403 second-factor-needed for everything but enrolling one; then the session goes on',
  },
  async (t) => {
    const served = await serve(t, {}, [], { secondFactor: ['administrator', 'auditor'] })
    const browser = new Browser(served)
    const signedIn = await browser.signIn(await person(served, 'administrator'))
    t.match(signedIn.json, { mustEnrol: true })
    for (const [method, path, body] of [
      ['GET', '/api/accounts'],
      ['POST', '/api/accounts', { username: 'nou', name: 'Nou', employer: 'Primăria', roles: ['agent'] }],
      ['GET', '/api/live'],
      ['GET', '/api/calls'],
    ] as const)
      t.match(
        (await browser.ask(method, path, body)).json,
        { status: 403, code: 'second-factor-needed' },
        path,
      )
    t.match((await browser.ask('GET', '/api/me')).json, { mustEnrol: true })
    const weak = browser.copy()
    await enrolApp(browser)
    t.match((await browser.ask('GET', '/api/me')).json, { mustEnrol: false })
    t.equal((await browser.ask('GET', '/api/accounts')).status, 200)
    t.equal((await weak.ask('GET', '/api/me')).status, 401, 'the weak session has ended')
    const mine = await browser.ask('GET', '/api/me/factors')
    const [{ id } = { id: 0 }] = mine.json['items'] as { id: number }[]
    t.match((await browser.ask('DELETE', `/api/me/factors/${id}`)).json, { status: 409, code: 'last-factor' })
  },
)

t.test(
  'a passkey’s answer is accepted once, in the browser that asked for it; a counter that stands still is refused',
  async (t) => {
    const served = await serve(t)
    const browser = new Browser(served)
    await browser.signIn(await person(served, 'agent'))
    const { passkey } = await enrolPasskey(browser)
    const victim = new Browser(served)
    const { json } = await victim.ask('POST', '/api/sign-in/passkey/options')
    const recorded = passkey.get(String(json['challenge']), { counter: 7 })
    const [copy, second] = [victim.copy(), victim.copy()]
    t.equal((await victim.ask('POST', '/api/sign-in/passkey', recorded)).status, 200)
    t.match(
      (await copy.ask('POST', '/api/sign-in/passkey', recorded)).json,
      { status: 401 },
      'with its cookie',
    )
    t.match((await new Browser(served).ask('POST', '/api/sign-in/passkey', recorded)).json, {
      code: 'challenge-gone',
    })
    const other = new Browser(served)
    await other.ask('POST', '/api/sign-in/passkey/options')
    t.match((await other.ask('POST', '/api/sign-in/passkey', recorded)).json, { code: 'passkey-refused' })
    t.match((await second.ask('POST', '/api/sign-in/passkey', recorded)).json, { status: 401 })
    t.match((await withPasskey(new Browser(served), passkey, { counter: 7 })).json, {
      code: 'passkey-refused',
    })
    t.match((await withPasskey(new Browser(served), passkey, { counter: 6 })).json, {
      code: 'passkey-refused',
    })
    t.equal((await withPasskey(new Browser(served), passkey, { counter: 8 })).status, 200)
  },
)

t.test('a passkey’s challenge that is answered late signs nobody in', async (t) => {
  const served = await serve(t)
  const browser = new Browser(served)
  await browser.signIn(await person(served, 'agent'))
  const { passkey } = await enrolPasskey(browser)
  const late = new Browser(served)
  const { json } = await late.ask('POST', '/api/sign-in/passkey/options')
  const answer = passkey.get(String(json['challenge']))
  await minutesLater(t, 6, async () => {
    t.match((await late.ask('POST', '/api/sign-in/passkey', answer)).json, { code: 'challenge-gone' })
  })
  t.equal((await withPasskey(late, passkey)).status, 200, 'a new one does')
})

t.test(
  'a computer that was left unlocked changes no factor: 15 minutes after the sign-in it is asked for again',
  async (t) => {
    const served = await serve(t)
    const browser = new Browser(served)
    await browser.signIn(await person(served, 'agent'))
    const { passkey } = await enrolPasskey(browser)
    const desk = new Browser(served)
    await withPasskey(desk, passkey)
    served.state.now = Date.now() + 16 * 60_000
    const mine = await desk.ask('GET', '/api/me/factors')
    t.match(mine.json, { tooOld: true })
    const [{ id } = { id: 0 }] = mine.json['items'] as { id: number }[]
    for (const [method, path, body] of [
      ['POST', '/api/me/factors/passkey/options'],
      ['POST', '/api/me/factors/totp/secret'],
      ['POST', '/api/me/factors/totp', { name: 'x', code: '123456' }],
      ['POST', '/api/me/recovery-codes'],
      ['DELETE', `/api/me/factors/${id}`],
    ] as const)
      t.match((await desk.ask(method, path, body)).json, { status: 403, code: 'sign-in-again' }, path)
  },
)

t.test('a dump of the database has no secret of an app and no recovery code', async (t) => {
  const served = await serve(t)
  const browser = new Browser(served)
  await browser.signIn(await person(served, 'agent'))
  const { secret, recoveryCodes } = await enrolApp(browser)
  const digests = await served.db.selectFrom('recovery_codes').select('digest').execute()
  t.ok(digests.length >= recoveryCodes.length)
  const sealed = await served.db
    .selectFrom('account_factors')
    .select('sealed')
    .where('kind', '=', 'totp')
    .execute()
  t.ok(sealed.length > 0)
  for (const { sealed: bytes } of sealed) t.notOk(bytes?.includes(secret))
  for (const code of recoveryCodes)
    for (const { digest } of digests)
      t.notOk(digest.includes(code) || digest.includes(code.replaceAll('-', '')))
})

await attack(
  t,
  {
    attack: 'uses up the recovery codes of an account with its password and a found list',
    before: 'ten of ten codes signed in within a second, and the owner’s page said password and code',
    now: 'three, then one in twenty minutes; the owner’s page names each',
  },
  async (t) => {
    const served = await serve(t)
    const username = await person(served, 'agent')
    const owner = new Browser(served)
    await owner.signIn(username)
    const { recoveryCodes, secret } = await enrolApp(owner)
    const statuses: number[] = []
    for (const [network, code] of recoveryCodes.entries())
      statuses.push((await new Browser(served).signIn(username, code, `192.0.2.${network}`)).status)
    t.same(statuses, [200, 200, 200, 429, 429, 429, 429, 429, 429, 429])
    const wrong = await new Browser(served).signIn(username, 'AAAA-AAAA-AAAA-AAAA', '192.0.2.77')
    t.equal(wrong.status, 429, 'wrong ones, too')
    const signIns = [{ method: 'recovery' }, { method: 'recovery' }, { method: 'recovery' }]
    t.match(await owner.access(), { signIns })
    const own = new Browser(served)
    t.equal((await own.signIn(username, totpAt(secret, Date.now()))).status, 200, 'the app is not kept out')
    const fresh = await own.ask('POST', '/api/me/recovery-codes')
    const [code] = fresh.json['codes'] as string[]
    t.equal((await new Browser(served).signIn(username, code)).status, 200, 'nor are new codes')
  },
)

await attack(
  t,
  {
    attack: 'signs in with a found recovery code, and then twenty times with a passkey of their own',
    before: 'the warning was made of the last twenty sign-ins: the owner was told of no recovery code',
    now: 'the use itself is told, however many sign-ins follow',
  },
  async (t) => {
    const served = await serve(t)
    const username = await person(served, 'agent')
    const owner = new Browser(served)
    await owner.signIn(username)
    const { recoveryCodes } = await enrolApp(owner)
    const { passkey: ofOwner } = await enrolPasskey(owner)
    t.equal((await owner.access())['recoveryUsedAt'], null)
    const [thief, before] = [new Browser(served), Date.now()]
    await thief.signIn(username, recoveryCodes[0])
    const { passkey } = await enrolPasskey(thief)
    for (let time = 0; time < 20; time += 1)
      t.equal((await withPasskey(new Browser(served), passkey)).status, 200)
    // The thief's new passkey has ended the owner's session.
    const again = new Browser(served)
    t.equal((await withPasskey(again, ofOwner)).status, 200)
    const json = await again.access()
    t.notMatch(JSON.stringify(json['signIns']), 'recovery', 'beyond the sign-ins that are shown')
    t.ok(Math.abs(Date.parse(String(json['recoveryUsedAt'])) - before) < 60_000)
    const id = (await accountByUsername(served.db, username))!.id
    await issueActivation(served.db, { account: id, by: null })
    t.equal(await recoveryCodesLeft(served.db, id), 0)
    const usedAt = iso((await recoveryUsedAt(served.db, id)) ?? 0)
    t.equal(usedAt, json['recoveryUsedAt'], 'codes made void are no uses')
  },
)

t.test('a slip at the code of the app is no try at a recovery code', async (t) => {
  const served = await serve(t)
  const username = await person(served, 'agent')
  const owner = new Browser(served)
  await owner.signIn(username)
  const { recoveryCodes } = await enrolApp(owner)
  const slips = ['12345', '1234567', 'abcdef', 'AAAA-AAAA-AAAA-AAA', '1111-1111-1111-1111', '-']
  for (const [network, slip] of slips.entries()) {
    const answer = await new Browser(served).signIn(username, slip, `192.0.2.${network}`)
    t.match(answer.json, { status: 401, code: 'wrong-code' }, slip)
  }
  const typed = ` ${(recoveryCodes[0] ?? '').toLowerCase().replaceAll('-', ' ')}`
  t.equal((await new Browser(served).signIn(username, typed, '192.0.2.99')).status, 200)
})

t.test('a passkey from before the link with an identity provider opens nothing', async (t) => {
  const served = await serve(t)
  const username = await person(served, 'agent')
  const browser = new Browser(served)
  await browser.signIn(username)
  const { passkey } = await enrolPasskey(browser)
  t.equal((await withPasskey(new Browser(served), passkey)).status, 200)
  const account = (await accountByUsername(served.db, username))!.id
  const link = { account, issuer: 'https://login.example', subject: username }
  await served.db.insertInto('account_subjects').values(link).execute()
  t.match((await withPasskey(new Browser(served), passkey)).json, { status: 401, code: 'older-than-link' })
})
