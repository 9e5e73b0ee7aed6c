/**
 * The configuration of one system, exported and applied by the command line to an empty one, leads callers the same way: every dry run,
 * and a call with a menu in two languages.
 */
import { existsSync } from 'node:fs'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import type { Static } from 'typebox'
import { textsDirIn } from '../../../src/asterisk/config/text-sounds.ts'
import { questionTexts } from '../../../src/core/announcements/callback-question.ts'
import { soundOf } from '../../../src/core/configuration/menu.ts'
import type { Configuration } from '../../../src/core/configuration/schema.ts'
import type { CallDetail, CallPage } from '../../../src/http/calls/wire.ts'
import type {
  ConfigurationVersions,
  DryRun,
  DryRunRequest,
  PublishedConfiguration,
} from '../../../src/http/configuration/wire.ts'
import { addAccount } from '../../../src/people/accounts.ts'
import { shownAgreement, signAgreement } from '../../../src/people/agreement.ts'
import { runCommand } from '../../../src/stack/command.ts'
import { Api } from '../../../tools/demo/api.ts'
import { listenTo, readWave } from '../../support/sip/audio.ts'
import { openTown, type TestTown } from '../../support/sip/citizen.ts'
import { quickHash } from '../../support/passwords.ts'
import { openTestDatabase } from '../../support/postgres.ts'
import { startLinia, type Linia } from '../../support/stack.ts'
import { until } from '../../support/until.ts'
import { inForce } from '../in-force.ts'
import { publish } from '../publish.ts'
import type { Scene } from '../scene.ts'

const program = fileURLToPath(new URL('../../../src/stack/linia', import.meta.url))
const password = 'lampă verde pe dulap'
const called = '0256408300'
const caller = '0722000941'
const greeting = 'Bun venit la urbanism. Convorbirea se înregistrează.'
const menuRo = 'Pentru autorizații, apăsați tasta doi.'
const menuEn = 'For building permits, press two.'

const document: Configuration = {
  numbers: [
    {
      number: '969',
      also: ['0256969'],
      name: 'Linia cetățeanului',
      queue: 'general',
      hours: 'program',
      closed: 'callback',
      says: { closed: { ro: 'Primăria este închisă acum.' } },
    },
    {
      number: called,
      also: [],
      name: 'Urbanism',
      queue: 'general',
      menu: 'urbanism',
      says: { greeting: { ro: greeting } },
    },
  ],
  queues: [
    {
      id: 'general',
      name: 'Informații generale',
      skill: 'general',
      levelMin: 1,
      priority: 10,
      overflow: { to: 'autorizatii', whenWaiting: 20 },
      announce: {
        position: true,
        estimate: true,
        firstAfterSeconds: 20,
        everySeconds: 60,
        texts: [{ ro: 'Cererile se pot depune și pe site.', en: 'You can also apply online.' }],
      },
    },
    {
      id: 'autorizatii',
      name: 'Autorizații',
      skill: 'urbanism',
      levelMin: 2,
      priority: 5,
      callback: { afterSeconds: 120, standingMax: 10 },
      overflow: { callback: true, whenNobodySignedIn: true },
    },
  ],
  hours: [
    {
      id: 'program',
      name: 'Program',
      weekly: 'Mon-Fri 08:00-16:00',
      holidays: 'closed',
      dates: [{ date: '2027-02-10', hours: '10:00-12:00', reason: 'inventar' }],
    },
  ],
  menus: [
    {
      id: 'urbanism',
      name: 'Urbanism',
      says: { ro: menuRo, en: menuEn },
      keys: { '2': { queue: 'autorizatii' }, '9': { language: 'en' }, '*': { again: true } },
      repeats: 2,
    },
  ],
}

/** A Wednesday with hours of its own, and the Wednesday before. */
const tries: readonly DryRunRequest[] = [
  ...['2027-02-03T07:00:00Z', '2027-02-10T07:00:00Z', '2027-02-10T09:00:00Z', '2027-02-13T09:00:00Z'].map(
    (at) => ({ number: '0256969', at, keys: [] }),
  ),
  ...([[], ['2'], ['9', '2'], ['9', '*', null, '2'], ['7', null, null]] as const).map((keys) => ({
    number: called,
    at: '2027-02-10T09:00:00Z',
    keys: [...keys],
  })),
  { number: called, at: '2027-02-10T09:00:00Z', keys: [], isBlocked: true },
  { number: '0256408301', at: '2027-02-10T09:00:00Z', keys: [] },
]

interface System {
  readonly linia: Linia
  readonly town: TestTown
  readonly admin: Api
  readonly supervisor: Api
}

/** `linia config …` on the machine of this system. */
function config({ linia }: System, ...args: string[]) {
  const { PATH = '', HOME = '' } = process.env
  const env = { PATH, HOME, DATABASE_URL: linia.databaseUrl, VAR_DIR: linia.dir }
  return runCommand(program, ['config', ...args], { env })
}

/** A new installation with an administrator, a supervisor, and nothing else. */
async function emptySystem(t: Test): Promise<System> {
  const linia = await startLinia(t, { agents: null, overrides: { GREETING: 'full' } })
  const db = openTestDatabase(linia.databaseUrl)
  t.teardown(() => db.destroy())
  const signedIn = async (username: string, role: 'administrator' | 'supervisor') => {
    const account = { username, name: username, roles: [role], password, employer: 'Primăria' }
    const added = await addAccount(db, account, quickHash)
    if (!added.ok) throw new Error(added.why)
    const { id } = added.account
    const digest = (await shownAgreement(db, id))?.digest ?? ''
    // Administrators have none to sign.
    if (role === 'supervisor') t.equal(await signAgreement(db, id, { digest, name: username }), 'signed')
    const api = new Api(linia.url)
    await api.signIn({ username, password })
    return api
  }
  return {
    linia,
    town: await openTown(t, { target: linia.sip, from: linia.trunk }),
    admin: await signedIn('admin', 'administrator'),
    supervisor: await signedIn('super', 'supervisor'),
  }
}

const tried = ({ admin }: System) =>
  Promise.all(
    tries.map(async (body) => {
      const answer = await admin.ask('POST', '/api/configuration/dry-run', body)
      return ((await answer.json()) as DryRun).steps
    }),
  )

/** A caller who chooses English, hears each of these, and is asked whether to be called back, because nobody is there. */
async function behaviour(t: Test, { linia, town, supervisor }: System) {
  const soundIn = async (sound: string) => {
    const file = join(textsDirIn(join(linia.dir, 'asterisk/etc')), `${sound}.wav`)
    await until(() => existsSync(file))
    return (await readWave(file)).channels[0] ?? new Int16Array()
  }
  const [says, ro, en, question] = [
    await soundIn(soundOf('ro', greeting, 'number')),
    await soundIn(soundOf('ro', menuRo)),
    await soundIn(soundOf('en', menuEn)),
    await soundIn(questionTexts('en')[0]?.sound ?? ''),
  ]
  // A menu is heard once all sounds of its tree are there.
  await inForce(linia)
  const citizen = await town.call({ callerId: caller, number: called, patienceMs: 900_000 })
  const listen = listenTo(citizen.rtp)
  const heard = async (what: string, sound: Int16Array): Promise<void> => {
    await listen(sound)
    t.pass(what)
  }
  await heard('the greeting', says)
  await heard('the menu', ro)
  citizen.rtp.press('9')
  await heard('the menu in English', en)
  citizen.rtp.press('2')
  await heard('the question whether to be called back', question)
  citizen.hangUp()
  t.match(await citizen.ended, { ending: 'hung up' })
  let call: CallDetail | null = null
  await until(async () => {
    const { items } = await supervisor.get<Static<typeof CallPage>>(`/api/calls?limit=1&caller=${caller}`)
    const [item] = items
    if (item === undefined || item.outcome === null) return false
    call = await supervisor.get<CallDetail>(`/api/calls/${encodeURIComponent(item.id)}`)
    return true
  })
  if (call === null) throw new Error('unreachable')
  const { outcome, queue, line, events } = call as CallDetail
  // A key may come before or after the end of a reading, and of the time for a key, after which the menu is heard again.
  const timed = ['PlaybackEnded', 'DeadlinePassed']
  const types = events.map(({ type }) => type).filter((type) => !timed.includes(type))
  return { outcome, queue, line, events: types }
}

const nothing = 'No change: this is what is in force.\n'

/** `scene`: nobody is signed in; its configuration is replaced. */
export async function takenElsewhere(t: Test, { linia, town, board }: Scene, admin: Api): Promise<void> {
  const from: System = { linia, town, admin, supervisor: board }
  const dir = await mkdtemp(join(tmpdir(), 'linia-exported-'))
  t.teardown(() => rm(dir, { recursive: true, force: true }))
  const [exported, taken] = [join(dir, 'exported.yaml'), join(dir, 'taken.yaml')]
  let steps: Awaited<ReturnType<typeof tried>> = []
  let led: unknown = null
  let inForce: Configuration | null = null

  await t.test('what it does where it was made', async (t) => {
    await publish(admin, () => document)
    t.match(await config(from, 'export', exported), { code: 0 })
    t.match(await config(from, 'plan', exported), { code: 0, stdout: nothing })
    steps = await tried(from)
    t.same(
      steps.map((one) => one.map(({ step }) => step).join(', ')),
      [
        'open, greeting, queue, own announcement, overflow, waited too long',
        'callback while closed',
        'open, greeting, queue, own announcement, overflow, waited too long',
        'callback while closed',
        'open, greeting, menu, key, menu, key, menu, key, queue, own announcement, overflow, waited too long',
        'open, greeting, menu, key, queue, overflow, callback question, waited too long',
        'open, greeting, menu, key, menu, key, queue, overflow, callback question, waited too long',
        'open, greeting, menu, key, menu, key, menu, key, menu, key, queue, overflow, callback question, waited too long',
        'open, greeting, menu, key, menu, key, menu, key, queue, own announcement, overflow, waited too long',
        'busy',
        'unknown number',
      ],
      'each way is another one',
    )
    led = await behaviour(t, from)
    t.match(led, { queue: 'autorizatii', line: called })
    inForce = (await from.admin.get<PublishedConfiguration>('/api/configuration')).document
  })

  await t.test('it does the same on an empty system', async (t) => {
    const to = await emptySystem(t)
    await copyFile(exported, taken)
    t.match((await config(to, 'plan', taken)).stdout, /^\+ numbers\.0256408300: /m)
    t.match(await config(to, 'apply', taken, 'mutare'), { code: 1, output: /--over 0/ })
    t.match(await config(to, 'apply', taken, 'mutare', '--over', '0'), {
      code: 0,
      stdout: /^Version \d+ is in force\.$/m,
    })
    t.match(await config(to, 'plan', taken), { code: 0, stdout: nothing })
    t.match(await config(to, 'apply', taken, 'încă o dată'), { code: 0, stdout: nothing })
    const { items } = await to.admin.get<ConfigurationVersions>('/api/configuration/versions')
    t.match(items, [{ reason: 'mutare', by: null }], 'one version')
    t.equal(items.length, 1)
    t.same((await to.admin.get<PublishedConfiguration>('/api/configuration')).document, inForce)
    t.same(await tried(to), steps)
    t.same(await behaviour(t, to), led)
  })
}
