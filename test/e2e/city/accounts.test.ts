/**
 * Accounts: signing in with a second factor and a passkey, all by keyboard and under the front's content security
 * policy; new people in one form, from a file and on the command line.
 */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import type { FileChooser, Page } from 'playwright-core'
import { readSettings } from '../../../src/config.ts'
import type { SkillMatrix } from '../../../src/http/skills/wire.ts'
import { totpAt } from '../../../src/people/sign-in/totp.ts'
import { addUser, closeUser } from '../../../src/stack/commands/user.ts'
import { runCommand } from '../../../src/stack/command.ts'
import { Api } from '../../../tools/demo/api.ts'
import type { RtpEnd } from '../../../tools/demo/calls/rtp.ts'
import { fromBase32 } from '../../http/sign-in/base32.ts'
import { earlierCode } from '../../http/sign-in/totp-app.ts'
import { findings } from '../../support/browser/axe.ts'
import { openBrowser, openSignedIn } from '../../support/browser/browser.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { gapsSince, hasTone, heardSince, tone } from '../../support/sip/audio.ts'
import { openTestPhone } from '../../support/sip/desk-phone.ts'
import { until } from '../../support/until.ts'
import { openScene, type Scene } from '../scene.ts'
import { press, tabTo, type } from './configuration-steps.ts'

const pictures = process.env['PICTURES']
const program = fileURLToPath(new URL('../../../src/stack/linia', import.meta.url))
const agentTone = 600
const newTone = 1000

t.test('people enter, and new ones are made', { timeout: 1_500_000 }, async (t) => {
  const overrides = { SECOND_FACTOR: 'administrator,auditor' }
  const scene = await openScene(t, { agents: 1, overrides })
  const { linia } = scene
  // Browsers know no passkeys at an address; this is WEB_ORIGIN's default.
  const url = linia.url.replace('127.0.0.1', 'localhost')
  const { newContext } = await openBrowser(t, null)
  const context = await newContext()
  const page = await context.newPage()
  const refused: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' && /Content Security|CSP/.test(message.text()))
      refused.push(message.text())
  })
  const admin = linia.account('admin01')

  await t.test('an administrator without a second factor can only enrol one', async (t) => {
    await page.goto(url)
    await page.locator('input[name=username]').fill(admin.username)
    await page.locator('input[name=password]').fill(admin.password)
    await page.keyboard.press('Enter')
    await page.locator('[data-factors="0"]').waitFor()
    await take(page, 'enrol')
    await page.goto(`${url}/accounts`)
    await page.locator('[data-factors="0"]').waitFor()
    t.equal(await page.locator('header nav').count(), 0, 'no other page')
    t.same(await findings(page), [])
  })

  let secret = Buffer.alloc(0)
  await t.test('an authenticator app is added, its recovery codes are shown once', async (t) => {
    await page.locator('[data-action=add-totp]').click()
    const shown = (await page.locator('[data-secret]').innerText()).replaceAll(' ', '')
    secret = fromBase32(shown)
    t.ok(await page.locator('svg[role=img] path').count(), 'the QR code')
    await take(page, 'totp')
    t.same(await findings(page), [])
    await page.locator('input[name=code]').fill('000000')
    await page.keyboard.press('Enter')
    await page.locator('form [role=alert]:not(:empty)').waitFor()
    await page.locator('input[name=code]').fill(await earlierCode(secret))
    await page.keyboard.press('Enter')
    await page.locator('[data-recovery-codes] li').nth(9).waitFor()
    await take(page, 'recovery-codes')
    // The button has the focus.
    await page.keyboard.press('Enter')
    await page.locator('header nav').waitFor()
  })

  await t.test('a passkey is added on one’s own page', async (t) => {
    const session = await context.newCDPSession(page)
    await session.send('WebAuthn.enable')
    await session.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    })
    await page.goto(`${url}/factors`)
    await page.locator('[data-action=add-passkey]').click()
    await page.keyboard.press('Enter')
    await page.locator('[data-factor=passkey]').waitFor()
    await take(page, 'factors')
    t.same(await findings(page), [])
    await page.locator('[data-action=add-passkey]').click()
    await page.keyboard.press('Enter')
    await page.locator('form [role=alert]:not(:empty)').waitFor()
    t.equal(await page.locator('[data-factor=passkey]').count(), 1, 'one device is added once')
  })

  await t.test('the passkey signs in without name and password', async (t) => {
    await signOut(page)
    await page.locator('[data-method=passkey]').waitFor()
    await take(page, 'sign-in')
    t.same(await findings(page), [])
    await page.locator('[data-method=passkey]').press('Enter')
    await page.locator('header nav').waitFor()
    t.match(await page.locator('header').innerText(), admin.name)
  })

  await t.test('the password asks for the app’s code', async (t) => {
    await signOut(page)
    await page.locator('input[name=username]').fill(admin.username)
    await page.locator('input[name=password]').fill(admin.password)
    await page.keyboard.press('Enter')
    await page.locator('input[name=code]').waitFor()
    await page.waitForFunction(() => document.activeElement?.getAttribute('name') === 'code')
    await take(page, 'code')
    await page.keyboard.type('111111')
    await page.keyboard.press('Enter')
    await page.locator('form [role=alert]:not(:empty)').waitFor()
    await page.locator('input[name=code]').fill(totpAt(secret, Date.now()))
    await page.keyboard.press('Enter')
    await page.locator('header nav').waitFor()
    t.pass('signed in')
  })

  await t.test('an administrator imports people from a file, by keyboard', (t) => importPeople(t, page, url))
  await t.test('an administrator makes an agent ready in one form, by keyboard', (t) =>
    makeAgent(t, page, url),
  )
  await t.test(
    'a new agent works at once, a closed one no longer, and calls in progress are not affected',
    (t) => addWhileRunning(t, scene),
  )

  const visitor = await (await newContext()).newPage()
  const agent = await openSignedIn(await newContext(), linia.url, linia.account('agent01'))
  await t.test('other roles sign in as before; at an address no passkeys are offered', async (t) => {
    t.equal(await agent.locator('header nav').count(), 1)
    await visitor.goto(linia.url)
    await visitor.locator('input[name=username]').waitFor()
    await visitor.locator('[aria-labelledby=demo] button').first().waitFor()
    t.equal(await visitor.locator('[data-method=passkey]').count(), 0)
  })
  await t.test(
    'one’s own password is changed: two that differ and a wrong old one are refused',
    async (t) => {
      const { password: old } = linia.account('agent01')
      await agent.goto(`${linia.url}/account`)
      const form = agent.locator('[data-section=password] form')
      const change = async (current: string, password: string, again: string): Promise<void> => {
        for (const [name, value] of Object.entries({ current, password, again }))
          await form.locator(`input[name=${name}]`).fill(value)
        await agent.keyboard.press('Enter')
      }
      const [first, second] = ['trei capre pe dealul Feleacului', 'patru oi pe dealul Feleacului']
      await change(old, first, second)
      await form.locator('[role=alert]', { hasText: 'Cele două parole nu sunt la fel.' }).waitFor()
      await change(second, first, first)
      await form.locator('[role=alert]:not(:empty):not(:has-text("Cele două"))').waitFor()
      await change(old, first, first)
      await form.locator('output', { hasText: 'Parola s-a schimbat' }).waitFor()
      t.equal(await form.locator('[role=alert]').innerText(), '')
      t.equal(await form.locator('input[name=current]').inputValue(), '', 'nothing typed is left')
    },
  )
  await t.test('the page offers the identity provider, and says when it is down', async (t) => {
    const provider = { name: 'Contul primăriei', answers: false, passwordsToo: false }
    await visitor.route('**/api/sign-in', (route) => route.fulfill({ json: { passkeysAt: url, provider } }))
    await visitor.goto(`${url}/sign-in?outcome=away`)
    await visitor.locator('[data-method=provider]').waitFor()
    t.match(await visitor.locator('main output').innerText(), /Contul primăriei nu răspunde/)
    t.match(await visitor.locator('form [role=alert]').innerText(), /nu răspunde/)
    t.equal(await visitor.locator('[data-method=provider]').getAttribute('href'), '/api/sign-in/provider')
    t.same(await findings(visitor), [])
    await take(visitor, 'provider')
  })
  t.same(refused, [], 'the content security policy refused nothing')
})

/** The faults of the file first, then the accounts, and their codes until they are kept. */
async function importPeople(t: Test, page: Page, url: string): Promise<void> {
  await page.goto(`${url}/accounts`)
  await page.locator('[data-new-account]').waitFor()
  await press(page, '[data-action=import-people]')
  await page.locator('h1:focus').waitFor()
  await checkScreen(t, page, 'import, no file')

  // A listener that is added with the key press may come after it.
  const choosers: FileChooser[] = []
  page.on('filechooser', (chooser) => choosers.push(chooser))
  async function choose(csv: string): Promise<void> {
    await tabTo(page, '[data-action=choose-file]')
    await page.keyboard.press('Enter')
    await until(() => choosers.length > 0)
    await choosers.shift()?.setFiles({ name: 'oameni.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) })
  }
  const head = 'username,name,roles,employer,skills\n'
  await choose(`${head}ioana.pop,Ioana Pop,,,\nIon,,operator,,acte:9\nion.sef,Ion Șef,supervisor,,\n`)
  await page.locator('[data-wrong="2"]').waitFor()
  t.equal(await page.locator('tr[data-state=wrong]').count(), 2)
  await page.locator('[data-action=choose-file]:focus').waitFor()
  await checkScreen(t, page, 'import, wrong rows')
  await choose('nume,prenume\na,b\n')
  await page.locator('[role=alert]:not(:empty)').waitFor()
  await choose(`${head}ioana.pop,Ioana Pop,,,\nagent01,Ana Popescu,agent,,\nion.rus,Ion Rus,agent,,taxe:3\n`)
  await page.locator('[data-opens="2"]').waitFor()
  await checkScreen(t, page, 'import, ready')
  await press(page, '[data-action=import]')
  await page.locator('[data-imported="2"]').waitFor()
  await page.locator('h1:focus').waitFor()
  await checkScreen(t, page, 'import, the codes')
  const code = await page.locator('[data-code-of="ion.rus"] code').innerText()
  await tabTo(page, '[data-action=download-codes]')
  const downloading = page.waitForEvent('download')
  await page.keyboard.press('Enter')
  const file = await (await downloading).path()
  t.match(await readFile(file, 'utf8'), code)
  // They are not lost by a click elsewhere.
  await page.locator('a[href="/employers"]').first().click()
  await page.locator('[role=alert]:not(:empty)').waitFor()
  await page.locator('[data-action=codes-kept]:focus').waitFor()
  await page.keyboard.press('Enter')
  await page.getByText('ion.rus', { exact: true }).waitFor()
}

/** Account and skills, and what is left until the first call. */
async function makeAgent(t: Test, page: Page, url: string): Promise<void> {
  await page.goto(`${url}/accounts`)
  const skills = page.locator('[data-new-skills]')
  await skills.waitFor()
  await type(page, 'input[name=username]', 'elena.pop')
  await type(page, 'input[name=name]', 'Elena Pop')
  await type(page, 'input[name=employer]', 'Primăria')
  const select = skills.locator('select[data-skill]')
  const skill = (await select.first().getAttribute('data-skill')) ?? ''
  await tabTo(page, `select[data-skill="${skill}"]`)
  await page.keyboard.press('End')
  t.equal(await select.first().inputValue(), '5')
  await checkScreen(t, page, 'new account, the skills of an agent')
  // A skill that the new agent is not to have.
  const others = await select.evaluateAll((all) => all.map((one) => one.getAttribute('data-skill') ?? ''))
  const last = others.at(-1) ?? ''
  t.not(last, skill)
  await tabTo(page, `select[data-skill="${last}"]`)
  await page.keyboard.press('Home')
  await press(page, 'form[data-new-account] button[type=submit]')
  await page.locator('[data-issued="elena.pop"] [data-what-is-left]').waitFor()
  await checkScreen(t, page, 'new account, what is left')
  const matrix = await page.evaluate(async () => {
    const answer = await fetch('/api/skills')
    return (await answer.json()) as SkillMatrix
  })
  const levels = matrix.agents.find(({ name }) => name === 'Elena Pop')?.levels
  t.equal(levels?.[skill], 5)
  t.equal(levels?.[last], undefined)
  await press(page, '[data-action=code-noted]')
  await skills.waitFor()
  t.equal(await page.locator('input[name=employer]').inputValue(), 'Primăria', 'proposed for the next one')
  t.equal(await page.locator('[data-no-agent]').count(), 0)
}

/** Accounts added and closed from the command line while the system runs. */
async function addWhileRunning(t: Test, scene: Scene): Promise<void> {
  const place = { VAR_DIR: scene.linia.dir, DATABASE_URL: scene.linia.databaseUrl }
  const user = (...args: string[]) => {
    const { PATH = '', HOME = '' } = process.env
    return runCommand(program, ['user', ...args], { env: { PATH, HOME, ...place } })
  }
  const old = await scene.deskAgent('agent01')
  const first = await scene.town.call({ callerId: '0722000971' })
  const talk = await old.phone.answerNext(tone(agentTone))
  const hears = (end: RtpEnd, hertz: number) => () => hasTone(hertz, heardSince(end, performance.now() - 500))
  await until(hears(first.rtp, agentTone))
  const talkingSince = performance.now()

  const added = await user('add', 'vlad.rusu', 'Vlad Rusu')
  t.equal(added.code, 0, added.output)
  const [, code = ''] = /^Activation code of vlad\.rusu, shown only now: (\S+)$/m.exec(added.output) ?? []
  t.match((await user('list')).output, /^vlad\.rusu +Vlad Rusu +agent \(awaits activation\)$/m)

  const api = new Api(scene.linia.url)
  const password = 'lampă verde pe dulap'
  await api.ask('POST', '/api/activation/password', { code, password })
  const { id } = await api.signIn({ username: 'vlad.rusu', password })
  const { password: sipPassword } = await api.get<{ password: string }>('/api/me/phone/desk')
  t.match((await user('list')).output, /^vlad\.rusu +Vlad Rusu +agent$/m)
  const account = { username: 'vlad.rusu', password: sipPassword }
  const phone = await openTestPhone(t, { server: scene.linia.sip, ...account })
  await until(() => registers(phone))
  await until(() => scene.view.agents.get(id)?.phones.desk === true)
  await api.setState({ state: 'ready' })
  const second = await scene.town.call({ callerId: '0722000972' })
  const newTalk = await phone.answerNext(tone(newTone))
  await until(hears(second.rtp, newTone))
  t.pass('the new agent’s audio arrives')

  await t.test('an agent closed during a conversation may finish it', async (t) => {
    const closed = await user('close', 'vlad.rusu')
    t.same(closed, { code: 0, output: 'vlad.rusu may no longer sign in.\n', stdout: closed.output })
    t.match((await user('list')).output, /^vlad\.rusu .* \(closed\)$/m)
    await t.rejects(new Api(scene.linia.url).signIn({ username: 'vlad.rusu', password }), /: 401 /)
    await until(() => refused(api))
    t.pass('the session has ended')
    await until(async () => !(await registers(phone)))
    t.pass('the phone may no longer register')
    await until(hears(second.rtp, newTone))
    newTalk.hangUp()
    t.equal((await second.ended).ending, 'line hung up')
    t.match(await scene.record('0722000972'), { outcome: 'answered', agent: { name: 'Vlad Rusu' } })
    await until(() => (scene.view.agents.get(id)?.state ?? 'signed out') === 'signed out')
    const rings = phone.rings.length
    const third = await scene.town.call({ callerId: '0722000973' })
    await third.answered
    await until(() => [...scene.view.calls.values()].some(({ caller }) => caller?.endsWith('973') === true))
    t.equal(phone.rings.length, rings, 'the closed agent’s phone does not ring')
    third.hangUp()
  })

  await until(hears(first.rtp, agentTone))
  const pauses = gapsSince(first.rtp, talkingSince)
  t.ok(
    Math.max(...pauses) < 3000,
    `all the while the first call was heard, pauses up to ${Math.round(Math.max(...pauses))} ms`,
  )
  talk.hangUp()
  t.equal((await first.ended).ending, 'line hung up')

  const settings = readSettings(place)
  const refusals: readonly [ordered: () => Promise<number>, sentence: RegExp][] = [
    [() => addUser(settings, ['vlad.rusu', 'Vlad Rusu']), /^There is already an account "vlad\.rusu"\.$/],
    [() => addUser(settings, ['0722', 'Ion']), /^"0722" cannot be a username: /],
    [() => addUser(settings, ['ion', 'Ion', 'boss']), /^"boss" is not a role\. Roles: /],
    [() => closeUser(settings, ['nobody']), /^There is no account "nobody"\.$/],
  ]
  for (const [ordered, message] of refusals) await t.rejects(ordered(), { name: 'UserError', message })
}

async function registers(phone: { register(): Promise<void> }): Promise<boolean> {
  return phone.register().then(
    () => true,
    () => false,
  )
}

async function refused(api: Api): Promise<boolean> {
  return api.get('/api/me').then(
    () => false,
    () => true,
  )
}

async function signOut(page: Page): Promise<void> {
  await page.evaluate(() => fetch('/api/session', { method: 'DELETE' }))
  await page.goto(new URL('/sign-in', page.url()).href)
}

async function take(page: Page, name: string): Promise<void> {
  if (pictures === undefined) return
  await page.setViewportSize({ width: 1366, height: 640 })
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    // Colours fade to the other scheme.
    await page.waitForTimeout(300)
    await page.screenshot({ path: `${pictures}/${name}-${colorScheme}.png` })
  }
  await page.emulateMedia({ colorScheme: 'light' })
}
