/**
 * Findings of `linia doctor` about the systems outside: the trunk, the document system, the fiscal database, the city's sign-in, and
 * the terms of retention. The page of connections has the same facts from the running server.
 */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pino } from 'pino'
import { askTrunk, registration, type TrunkPart } from '../../asterisk/trunk-watch.ts'
import { standingOf, type ConnectionCause } from '../../city/connections/connection.ts'
import { trustAuthority } from '../../people/sign-in/authority.ts'
import type { Access, Settings } from '../../config.ts'
import { openFiscal } from '../../fiscal/postgres.ts'
import { testAnswers } from '../../ledger/connections/tests.ts'
import { deliveryAnswers } from '../../ledger/documents/answers.ts'
import { undeliveredCounts } from '../../ledger/documents/outbox.ts'
import { whyNoDatabase } from '../services/external-services.ts'
import { loadSecrets } from '../secrets.ts'
import { say } from '../terminal.ts'
import { withDatabase } from './running-database.ts'

const iso = (at: number): string => new Date(at).toISOString()

const causeWords: Readonly<Partial<Record<ConnectionCause, string>>> = {
  refused: 'it refuses',
  'login refused': 'it does not accept our login',
  'not permitted': 'our login may not execute both functions, fiscal.taxpayer_named and fiscal.account_of',
  'function missing': 'it lacks a function, fiscal.taxpayer_named or fiscal.account_of',
}

/** From the record: nothing is sent. The system runs. */
export async function wrongAtDocuments(
  settings: Settings,
  tell = say,
  now = Date.now(),
): Promise<readonly string[]> {
  const wrong: string[] = []
  const { documents } = settings
  await withDatabase(settings, async (db) => {
    const { unsent, late, givenUp } = await undeliveredCounts(db, now)
    if (documents === null) {
      tell(`Documents    not set up (DOCUMENTS_URL); ${unsent} messages wait`)
      return
    }
    const { state, since, cause, status } = await standingOf([
      deliveryAnswers(db),
      testAnswers(db, 'documents'),
    ])
    const from = since === null ? '' : ` since ${iso(since)}`
    const { origin } = new URL(documents.url)
    tell(`Documents    ${origin} ${words[state]}${from}; ${unsent} messages wait`)
    if (state === 'fails')
      wrong.push(
        `The document system at ${origin} takes nothing${from}: ${(cause === null ? null : causeWords[cause]) ?? cause ?? 'other'}${status === null ? '' : ` (HTTP ${status})`}. Requests wait.`,
      )
    if (late > 0)
      wrong.push(
        `${late} messages to the document system are over two hours late, ${givenUp} given up: /documents.`,
      )
  })
  return wrong
}

const words = { works: 'works', fails: 'does not work', 'not asked': 'not asked yet' } as const

/** Asks the database about nobody. Checked only here: a start does not wait for an external database. */
export async function wrongAtFiscal({ given }: Settings, tell = say): Promise<readonly string[]> {
  const { taxDatabaseUrl } = given
  if (taxDatabaseUrl === null) return []
  const goesOn = 'Calls are answered; taxes cannot be consulted.'
  const why = await whyNoDatabase('TAX_DATABASE_URL', taxDatabaseUrl, false)
  if (why !== null) return [`${why} ${goesOn}`]
  const fiscal = openFiscal({ url: taxDatabaseUrl, log: pino({ level: 'silent' }) })
  try {
    const found = await fiscal.test()
    if (found.outcome === 'fails')
      return [`TAX_DATABASE_URL: ${causeWords[found.cause] ?? found.cause}. ${goesOn}`]
    tell(
      `Taxes        the fiscal database answers; its login ${found.readOnly === true ? 'can write nothing' : 'CAN WRITE'}`,
    )
    return found.readOnly === false
      ? [
          'TAX_DATABASE_URL: this login can write there. Ask the tax office for one that executes the two functions alone.',
        ]
      : []
  } finally {
    await fiscal.close()
  }
}

const providerWithinMs = 5_000

/** The metadata that the provider publishes. */
export async function wrongAtProvider(
  { signIn: { provider } }: Settings,
  tell = say,
): Promise<readonly string[]> {
  if (provider === null) return []
  const { issuer, caFile } = provider
  if (caFile !== null) {
    try {
      trustAuthority(caFile)
    } catch {
      return [`OIDC_CA_FILE: ${caFile} cannot be read, or is no certificate in PEM form.`]
    }
  }
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const ok = await fetch(url, { signal: AbortSignal.timeout(providerWithinMs) }).then(
    async (answer) => {
      await answer.body?.cancel()
      return answer.ok
    },
    () => false,
  )
  tell(`Sign-in      ${issuer} ${ok ? 'answers' : 'does not answer'}`)
  return ok ? [] : [`The city’s sign-in at ${issuer} does not answer (OIDC_ISSUER, OIDC_CA_FILE).`]
}

export function tellRetention({ retention }: Settings, tell = say): void {
  const { audioDays, detailsDays, requestsDays, logsDays } = retention
  tell(
    `Retention    days: recordings ${audioDays}, numbers and notes ${detailsDays}, closed requests ${requestsDays}, traces ${logsDays}`,
  )
}

/** Read from the running Asterisk. */
export async function wrongAtTrunk(settings: Settings): Promise<readonly string[]> {
  const access = await amiAccess(settings)
  const parts = access === null ? null : await askTrunk({ ...access, log: pino({ level: 'silent' }) })
  // An Asterisk that does not answer is reported elsewhere.
  if (parts === null) return []
  say(`Trunk        ${parts.length === 0 ? 'no host to which calls leave' : parts.map(told).join(', ')}`)
  return wrongIn(parts)
}

function told({ name, works, refused, roundTripMs }: TrunkPart): string {
  if (name === registration)
    return works === true ? 'registered' : refused ? 'refused by the provider' : 'not registered'
  const away = isDemo(name) ? 'away (the demo’s provider is there only while it calls)' : 'not reachable'
  return `${name} ${works === null ? 'not asked yet' : works ? `reachable${roundTripMs === null ? '' : ` (${roundTripMs} ms)`}` : away}`
}

/** Loopback addresses are a provider only while `make demo` runs. */
const isDemo = (name: string): boolean => name.startsWith('127.')

/** Some providers do not answer OPTIONS (qualify), so it is an error only when no host answers. */
export function wrongIn(parts: readonly Pick<TrunkPart, 'name' | 'works'>[]): readonly string[] {
  const hosts = parts.filter(({ name }) => name !== registration && !isDemo(name))
  return [
    ...(parts.some(({ name, works }) => name === registration && works === false)
      ? [
          'The provider has not accepted our registration (TRUNK_REGISTER), so calls from the provider do not arrive.',
        ]
      : []),
    ...(hosts.length > 0 && hosts.every(({ works }) => works === false)
      ? ['None of the provider’s hosts answers (TRUNK_HOSTS): calls, 112 too, may not leave.']
      : []),
  ]
}

/** Null: the private Asterisk has not run here. */
export const amiAccess = async (settings: Settings): Promise<Access | null> =>
  settings.given.ami ?? (await privateAmi(settings))

async function privateAmi({ paths }: Settings): Promise<Access | null> {
  const ports = join(paths.var, 'ports.json')
  if (!existsSync(ports) || !existsSync(paths.secrets)) return null
  const { ami } = JSON.parse(await readFile(ports, 'utf8')) as { ami?: number }
  const { ami: password } = await loadSecrets(paths.secrets)
  return ami === undefined ? null : { host: '127.0.0.1', port: ami, user: 'linia', password }
}
