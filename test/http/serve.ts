/** A server on its own port, with accounts in a real database and an ACD in memory. */
import { Writable } from 'node:stream'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pino } from 'pino'
import type { Subject } from '../../src/http/route-context.ts'
import type { App } from '../../src/http/app.ts'
import { buildServer } from '../../src/http/server.ts'
import { OwnRates } from '../../src/http/session/own-rates.ts'
import type { ConnectionSettings, HttpDeps } from '../../src/http/ports.ts'
import { HeardAnswers } from '../../src/city/connections/connection.ts'
import type { SignInSettings } from '../../src/config.ts'
import type { Role } from '../../src/http/wire.ts'
import { workingDays } from '../../src/city/requests/working-days.ts'
import type { CityNumber } from '../../src/core/configuration/line.ts'
import { usualPauses } from '../../src/core/configuration/pauses.ts'
import { ContactId, QueueId } from '../../src/core/ids.ts'
import { newQueue, type AgentProfile, type Queue } from '../../src/core/queue.ts'
import { DictationFiles } from '../../src/asterisk/prompts/dictations.ts'
import { absentFiscal } from '../../src/fiscal/absent.ts'
import { createMetrics } from '../../src/metrics.ts'
import { headSigner } from '../../src/city/journal/checkpoint.ts'
import { subjects } from '../../src/subjects.ts'
import type { Demo } from '../../tools/demo/routes.ts'
import { addAccount } from '../../src/people/accounts.ts'
import { shownAgreement, signAgreement } from '../../src/people/agreement.ts'
import type { Account } from '../../src/people/accounts.ts'
import type { Directory } from '../../src/acd/ports.ts'
import type { Database } from '../../src/ledger/database.ts'
import { quickHash } from '../support/passwords.ts'
import { testDatabase } from '../support/postgres.ts'
import { fileScope } from '../support/run/scope.ts'
import type { Teardown } from '../support/postgres.ts'
import { rules } from '../core/samples.ts'
import { FakeAcd } from './fake-acd.ts'
import { FeedClient } from './live/feed-client.ts'

export const password = 'corect-cal-baterie'
/** Signs the heads of the tests' journal, which is below the folder of the recordings. */
export const signer = headSigner('signs the heads of the tests, long enough')

export const journalPlace = (recordings: string) => ({
  folder: path.join(recordings, 'anchor'),
  own: path.join(recordings, 'journal'),
  verifierKey: signer.verifierKey,
})

/** The journal's place is each server's own. */
export const settings: HttpDeps['settings'] = {
  sessionSecret: 'a secret of the tests, long enough for it',
  signIn: { origin: 'http://localhost', secondFactor: [], local: 'all', provider: null },
  factorKey: 'seals the factors of the tests, long enough',
  webhook: null,
  personKey: 'marks the persons of the tests, long enough',
  journal: journalPlace(tmpdir()),
  serviceLevelMs: 20_000,
  shortAbandonMs: 5_000,
  holdReminderMs: 60_000,
  supervisionNotice: 'always',
  unusualLooks: { looksPerHour: 120, reasonsPerHour: 12 },
  phone: { domain: '127.0.0.1', echo: '*43' },
  articlesByOne: false,
  cityHall: { name: 'Primăria Municipiului Timișoara', arms: null },
  registrationPrefix: 'CC',
  version: '0.0.0',
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The parsed body, if it is JSON. */
  readonly json: Record<string, unknown>
}

export interface Ask {
  readonly as?: string
  readonly body?: unknown
  readonly headers?: Record<string, string>
}

export interface Served {
  readonly url: string
  readonly app: App
  readonly db: Database
  readonly line: FakeAcd
  readonly people: Readonly<Record<Person, Account>>
  readonly directory: Listed
  readonly recordings: string
  readonly log: string[]
  readonly state: { ready: boolean; missing: string[]; now: number | null }
  ask(method: string, path: string, ask?: Ask): Promise<Answer>
  /** The session cookie. */
  signIn(username: Person): Promise<string>
  live(cookie: string, query?: string, lastEventId?: string): Promise<FeedClient>
}

const persons = {
  agent01: ['Ana Pop', ['agent']],
  agent02: ['Barbu Ionescu', ['agent']],
  super: ['Carmen Sârbu', ['supervisor']],
  admin: ['Dan Țepeș', ['administrator']],
  audit: ['Elena Șerban', ['auditor']],
  edit: ['Felicia Ene', ['editor']],
} as const satisfies Record<string, readonly [string, readonly Role[]]>
export type Person = keyof typeof persons

interface Home {
  readonly db: Database
  readonly people: Record<Person, Account>
}

const sharedBy = new WeakMap<object, Promise<Home>>()

/** All tests of a file share one database; each test has its own server and ACD. */
function home(): Promise<Home> {
  const file = fileScope()
  const shared = sharedBy.get(file) ?? testDatabase(file).then(({ db }) => settled(db))
  sharedBy.set(file, shared)
  return shared
}

const homes = new WeakMap<Database, Promise<Home>>()

/** Two nodes of one test may share a database. */
function settled(db: Database): Promise<Home> {
  const known = homes.get(db) ?? addPeople(db).then((people) => ({ db, people }))
  homes.set(db, known)
  return known
}

/** `more`: additional subjects. `signIn`: other settings of sign-in. */
export async function serve(
  t: Teardown,
  change: Partial<HttpDeps> & { readonly articlesByOne?: boolean } = {},
  more: readonly Subject[] = [],
  signIn: Partial<SignInSettings> = {},
): Promise<Served> {
  const { db, people } = change.db === undefined ? await home() : await settled(change.db)
  const line = new FakeAcd()
  const directory = listedFor(people)
  const recordings = mkdtempSync(path.join(tmpdir(), 'linia-http-'))
  const log: string[] = []
  const state: Served['state'] = { ready: true, missing: [], now: null }
  const now = () => state.now ?? Date.now()
  const app = await buildServer(
    {
      settings: {
        ...settings,
        signIn: { ...settings.signIn, ...signIn },
        journal: journalPlace(recordings),
        articlesByOne: change.articlesByOne ?? false,
      },
      db,
      desk: line.desk(now),
      ownDesk: () => null,
      pageCallbacks: line.pageCallbacks,
      ownPageCallbacks: () => null,
      ownTrunk: () => null,
      connections: testConnections(),
      feed: line,
      activeCall: async (agent) => line.activeCall(agent),
      askedAbout: async (agent) => line.askedAbout(agent),
      fiscal: absentFiscal,
      programRates: new OwnRates(now),
      nodeChannel: { publish: () => Promise.resolve(), onMessage: () => undefined },
      node: 'node1',
      directory: directoryOf(directory),
      accounts: { onAccountChange: () => undefined },
      workingDays: () => workingDays([]),
      blockedNumbers: () => 0,
      dryRun: {
        rules,
        lineHours: { kind: 'always' },
        closedOn: () => new Set(),
        notices: () => [],
        textOf: (prompt, _now, own) => {
          const words = 'words' in prompt ? Object.values(prompt.words).map((sound) => own[sound]) : []
          return `(${[prompt.say, ...words].join(': ')})`
        },
      },
      prompts: {
        texts: { greeting: 'Bună ziua!' },
        made: async () => null,
        prepare: async (recording) => ({ ok: true, sound: recording }),
      },
      dictations: new DictationFiles(recordings, now),
      textSample: async (text, language) => Buffer.from(`${language}: ${text}`),
      phonePassword: (username) => `secret of ${username}`,
      readiness: () => ({ ...state, node: 'node1', role: 'owner', owner: 'node1' }),
      metrics: createMetrics(),
      documents: null,
      recordings,
      recordingKeys: path.join(recordings, 'keys'),
      logger: pino({ level: 'debug' }, sink(log)),
      demo: false,
      provider: null,
      now,
      ...change,
    },
    [...subjects, ...more],
  )
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const feeds: FeedClient[] = []
  t.teardown(async () => {
    for (const feed of feeds) feed.close()
    await app.close()
    rmSync(recordings, { recursive: true })
  })
  const ask = (method: string, path: string, options: Ask = {}) => askAt(url, method, path, options)
  return {
    url,
    app,
    db,
    line,
    people,
    directory,
    recordings,
    log,
    state,
    ask,
    async signIn(username) {
      const answer = await ask('POST', '/api/session', {
        body: {
          username,
          password,
        },
      })
      if (answer.status !== 200) throw new Error(`no session: ${answer.text}`)
      return cookieIn(answer)
    },
    async live(cookie, query = '', lastEventId) {
      const resume = lastEventId === undefined ? {} : { 'last-event-id': lastEventId }
      const feed = await FeedClient.open(`${url}/api/live${query}`, {
        cookie,
        ...resume,
      })
      feeds.push(feed)
      return feed
    },
  }
}

export function cookieIn(answer: Answer): string {
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
}

export const demoOf = (callMe: Demo['callMe'] = async () => undefined): Demo => ({
  buttons: true,
  accounts: () => [{ username: 'agent01', name: 'Ana Pop', role: 'agent' }],
  callMe,
})

async function askAt(url: string, method: string, path: string, ask: Ask): Promise<Answer> {
  const { as, body, headers } = ask
  const response = await fetch(url + path, {
    method,
    redirect: 'manual',
    headers: {
      ...(as === undefined ? {} : { cookie: as }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') === true
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isJson && text !== '' ? (JSON.parse(text) as Record<string, unknown>) : {},
  }
}

/** All of them except the administrator have signed the agreement. */
async function addPeople(db: Database): Promise<Record<Person, Account>> {
  const added: [string, Account][] = []
  for (const [username, [name, roles]] of Object.entries(persons)) {
    const answer = await addAccount(db, { username, name, roles, password, employer: 'Primăria' }, quickHash)
    if (!answer.ok) throw new Error(answer.why)
    added.push([username, answer.account])
    if (!answer.account.roles.includes('administrator')) await sign(db, answer.account)
  }
  return Object.fromEntries(added) as Record<Person, Account>
}

export async function sign(db: Database, { id, name }: Account): Promise<void> {
  const digest = (await shownAgreement(db, id))?.digest ?? ''
  if ((await signAgreement(db, id, { digest, name })) !== 'signed') throw new Error('not signed')
}

export const testContacts: ReturnType<Directory['contacts']> = [
  { id: ContactId('interpret'), name: 'Interpret de maghiară', number: '450', language: 'hu' },
  { id: ContactId('urbanism'), name: 'Urbanism', number: '+40256408300', language: null },
]

/** What the server reads from the directory: a test may change it. */
interface Listed {
  readonly agents: { -readonly [field in keyof AgentProfile]: AgentProfile[field] }[]
  readonly queues: Queue[]
  readonly numbers: CityNumber[]
}

function listedFor(people: Record<Person, Account>): Listed {
  const agents = [people.agent01, people.agent02].map(({ id, username, name }) => ({
    id,
    username,
    name,
    skills: { general: 3 },
  }))
  return { agents, queues: [general], numbers: [] }
}

const general = newQueue(QueueId('general'), 'Informații')

function directoryOf({ agents, queues, numbers }: Listed): Directory {
  return {
    agents: () => agents,
    queues: () => queues,
    pauses: () => ({ offered: usualPauses, former: [] }),
    outbound: () => null,
    contacts: () => testContacts,
    callerNotices: () => [],
    blockOf: () => null,
    numbers: () => numbers,
    menuOf: () => null,
    queueOf: () => general,
    agentByUsername: (username) => agents.find((agent) => agent.username === username),
    onChange: () => undefined,
  }
}

function sink(lines: string[]): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString())
      done()
    },
  })
}

/** No outside system but those that a server needs; a test changes what it is about. */
export function testConnections(change: Partial<ConnectionSettings> = {}): HttpDeps['connections'] {
  return {
    settings: {
      trunk: { hosts: ['127.0.0.2'], isSet: false, publicAddress: null },
      documents: null,
      fiscal: null,
      asterisk: { address: '127.0.0.1:8088', standby: false },
      redis: { address: '127.0.0.1:6379' },
      database: { address: '127.0.0.1:5432/linia' },
      timeStamps: null,
      witness: null,
      retention: { audio: 183, details: 1_095, requests: 1_825, logs: 183, deletes: true },
      ...change,
    },
    trunk: { state: async () => 'no owner', test: async () => 'no owner' },
    redisAnswers: async () => true,
    witness: {
      heard: { stamps: new HeardAnswers(Date.now), push: new HeardAnswers(Date.now) },
      counts: { stampedAt: null, pushedAt: null },
    },
    dueSoon: () => null,
  }
}
