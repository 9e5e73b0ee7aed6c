/** The auditor's queries of the access log. Each query is an access itself, recorded before the answer is sent. */
import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import type { Static } from 'typebox'
import { personMark } from '../../city/journal/person.ts'
import { readIdentifier } from '../../city/taxes/identifier.ts'
import { AgentId } from '../../core/ids.ts'
import { viewAnchor } from '../../ledger/journal/anchor.ts'
import { checkResults } from '../../ledger/journal/last-check.ts'
import type { Database } from '../../ledger/database.ts'
import { proofOf } from '../../ledger/journal/proof.ts'
import {
  accessLog,
  personsAccessed,
  recordAccess,
  type AccessLogQuestion as Question,
  type AccessLogEntry,
} from '../../ledger/journal/access-log.ts'
import { titlesOf } from '../../ledger/knowledge/openings.ts'
import { remarksOn } from '../../ledger/journal/access-log-remarks.ts'
import { rollbacks } from '../../ledger/journal/rollback.ts'
import { newestStamp } from '../../ledger/journal/time-stamps.ts'
import { recordedClocks } from '../../ledger/retention/clock.ts'
import { recordedTerms } from '../../ledger/retention/retention.ts'
import { retentionRuns } from '../../ledger/retention/runs.ts'
import { listAccounts } from '../../people/accounts.ts'
import type { Account } from '../../people/accounts.ts'
import type { RouteContext } from '../route-context.ts'
import type { App } from '../app.ts'
import { refusals } from '../shell/documented.ts'
import { csvOf, accessView } from './view.ts'
import { iso, millisOf } from '../shell/iso-time.ts'
import { assertOrder } from '../shell/parameters.ts'
import { Refused } from '../shell/problem.ts'
import { accountOf } from '../session/session.ts'
import {
  EntryParams,
  ExportAccessLog,
  JournalAccounts,
  JournalState,
  AccessLogPage,
  AccessLogQuestion,
  type AccessView,
  RetentionRuns,
} from './wire.ts'

const auditorOnly = { access: ['auditor'], cityData: true } as const
const limitByDefault = 50
/** A query with more rows than this must be narrowed. */
const exportMax = 20_000
const queryMax = 200
const runsShown = 60
const rollbacksShown = 10

type Asked = Omit<Static<typeof AccessLogQuestion>, 'limit' | 'before'>

export function journalRoutes(app: App, context: RouteContext): void {
  askingRoutes(app, context)
  fileRoutes(app, context)
}

function askingRoutes(app: App, { deps, lists }: RouteContext): void {
  const { db } = deps
  const { journal: place } = deps.settings

  app.get(
    '/api/journal',
    {
      config: auditorOnly,
      schema: {
        operationId: 'journal',
        tags: ['journal'],
        summary: 'Length of the journal, its last anchor, and the result of the last check',
        response: { 200: JournalState, ...refusals(401, 403, 503) },
      },
    },
    async (): Promise<JournalState> => {
      const [{ state, head, last, greatest }, { last: check, failed, overdueSince }, accepted, stamped] =
        await Promise.all([
          viewAnchor(db, place),
          checkResults(db, place, deps.now()),
          rollbacks(db, rollbacksShown),
          newestStamp(place.folder),
        ])
      return {
        entries: head.size,
        anchored: last === null ? null : { entries: last.head.size, at: iso(last.at) },
        state,
        everAnchored: greatest?.size ?? 0,
        stamped: stamped === null ? null : { ...stamped, at: iso(stamped.at) },
        rollbacks: accepted.map((one) => ({ ...one, at: iso(one.at) })),
        lastCheck: check === null ? null : { at: iso(check.at), entries: check.entries, bad: check.bad },
        failedCheck: failed === null ? null : { ...failed, at: iso(failed.at) },
        checkOverdue: overdueSince !== null,
        verifierKey: place.verifierKey,
      }
    },
  )

  app.get(
    '/api/journal/accounts',
    {
      config: auditorOnly,
      schema: {
        operationId: 'journalAccounts',
        tags: ['journal'],
        summary: 'The accounts that the access log can be queried for',
        response: { 200: JournalAccounts, ...refusals(401, 403, 503) },
      },
    },
    async () => {
      const accounts = await listAccounts(db)
      return { items: accounts.map(({ id, name, employer }) => ({ id, name, employer })) }
    },
  )

  app.get(
    '/api/journal/runs',
    {
      config: auditorOnly,
      schema: {
        operationId: 'retentionRuns',
        tags: ['journal'],
        summary: 'What was deleted at the end of its retention, and by which terms, newest first',
        response: { 200: RetentionRuns, ...refusals(401, 403, 503) },
      },
    },
    async (): Promise<RetentionRuns> => {
      const [runs, terms, clocks] = await Promise.all([
        retentionRuns(db, runsShown),
        recordedTerms(db, runsShown),
        recordedClocks(db, runsShown),
      ])
      return {
        items: runs.map((run) => ({ ...run, at: iso(run.at) })),
        terms: terms.map(({ index, at, days }) => ({ index, at: iso(at), days: numbersIn(days) })),
        clocks: clocks.map((one) => ({ ...one, at: iso(one.at) })),
      }
    },
  )

  app.post(
    '/api/journal/looks',
    {
      config: auditorOnly,
      schema: {
        operationId: 'looks',
        tags: ['journal'],
        summary: 'Entries of the access log, newest first; the query itself is recorded',
        body: AccessLogQuestion,
        response: { 200: AccessLogPage, ...refusals(400, 401, 403, 429, 503) },
      },
    },
    async (request): Promise<AccessLogPage> => {
      const { limit = limitByDefault, before, ...asked } = request.body
      const question = { ...questionOf(deps.settings.personKey, asked), before }
      const found = await lists.inTurn(request, () => accessLog(db, { ...question, limit: limit + 1 }))
      const isFirst = question.account !== undefined && before === undefined
      const persons = isFirst ? await personsAccessed(db, question) : null
      await recordAsking(accountOf(request), 'looks', question)
      const items = await viewsOf(db, found.slice(0, limit))
      const more = found.length > limit
      return { items, next: more ? (items.at(-1)?.index ?? null) : null, persons }
    },
  )

  async function recordAsking(account: Account, about: string, question: Omit<Question, 'limit'>) {
    const person = question.person ?? null
    const query = queryOf(question)
    await recordAccess(db, { kind: 'journal', account: account.id, call: null, about, person, query })
  }
}

function fileRoutes(app: App, { deps, lists }: RouteContext): void {
  const { db } = deps
  const { journal: place } = deps.settings
  app.post(
    '/api/journal/export',
    {
      config: auditorOnly,
      schema: {
        operationId: 'exportLooks',
        tags: ['journal'],
        summary: 'The result of a query as a file, CSV or JSON; the export is recorded',
        body: ExportAccessLog,
        response: {
          200: file('text/csv', 'The entries, newest first.'),
          ...refusals(400, 401, 403, 409, 429, 503),
        },
      },
    },
    async (request, reply) => {
      const { format, ...asked } = request.body
      const question = questionOf(deps.settings.personKey, asked)
      const found = await lists.exportInTurn(request, () =>
        accessLog(db, { ...question, limit: exportMax + 1 }),
      )
      if (found.length > exportMax) throw new Refused('export-too-large')
      const { id: account } = accountOf(request)
      const [person, query] = [question.person ?? null, queryOf(question)]
      await recordAccess(db, { kind: 'export', account, call: null, about: 'looks', person, query })
      const views = await viewsOf(db, found)
      return format === 'csv'
        ? sendFile(reply, 'text/csv; charset=utf-8', 'looks.csv', csvOf(views))
        : sendFile(
            reply,
            'application/json; charset=utf-8',
            'looks.json',
            `${JSON.stringify(views, null, 2)}\n`,
          )
    },
  )

  app.get(
    '/api/journal/entries/:index/proof',
    {
      config: auditorOnly,
      schema: {
        operationId: 'proof',
        tags: ['journal'],
        summary: 'A self-contained proof that this entry is in the anchored journal',
        params: EntryParams,
        response: {
          200: file('text/plain', 'For `linia verify`.'),
          ...refusals(400, 401, 403, 404, 409, 503),
        },
      },
    },
    async (request, reply) => {
      const { index } = request.params
      const { head, last } = await viewAnchor(db, place)
      if (index >= head.size) throw new Refused('no-such-entry')
      if (last === null || index >= last.head.size) throw new Refused('not-anchored-yet')
      const proof = await proofOf(db, index, last.head)
      if (proof === null) throw new Refused('no-such-entry')
      const look = {
        kind: 'journal',
        call: null,
        about: `proof/${index}`,
        person: null,
        query: null,
      } as const
      await recordAccess(db, { ...look, account: accountOf(request).id })
      return sendFile(reply, 'text/plain; charset=utf-8', `entry-${index}.tlog-proof`, proof)
    },
  )
}

function numbersIn(days: Readonly<Record<string, unknown>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(days).filter((one): one is [string, number] => typeof one[1] === 'number'),
  )
}

/** The entries together with the auditor's remarks on them, and the titles of opened articles. */
async function viewsOf(db: Database, found: readonly AccessLogEntry[]): Promise<AccessView[]> {
  const remarks = await remarksOn(
    db,
    found.map(({ index }) => index),
  )
  const opened = found.filter(({ kind }) => kind === 'paper').map(({ about }) => about)
  const titles = await titlesOf(db, opened)
  return found.map((look) => accessView(look, remarks, titles))
}

const file = (type: string, description: string) => ({
  description,
  content: { [type]: { schema: Type.String() } },
})

function sendFile(reply: FastifyReply, type: string, name: string, text: string): FastifyReply {
  return reply
    .headers({ 'content-type': type, 'content-disposition': `attachment; filename="${name}"` })
    .send(text)
}

/** @throws {Refused} `no-identifier`, `reversed-times` */
function questionOf(personKey: string, asked: Asked): Omit<Question, 'limit'> {
  const { person, mark, about, account, ...rest } = asked
  const from = asked.from === undefined ? undefined : millisOf(asked.from)
  const to = asked.to === undefined ? undefined : millisOf(asked.to)
  assertOrder(from, to)
  if (person !== undefined && !readIdentifier(person).ok) throw new Refused('no-identifier')
  return {
    ...rest,
    person: person === undefined ? mark : personMark(personKey, person),
    about: about === undefined ? undefined : thingOf(about),
    account: account === undefined ? undefined : AgentId(account),
    from,
    to,
  }
}

/** Citizens give a registration number with its day (`CC2026-000123/24.11.2026`); the access log has it without. */
function thingOf(about: string): string {
  return about.trim().replace(/\/\d{1,2}\.\d{1,2}\.\d{4}$/, '')
}

/** The query in words, without the person: the entry has the person's mark in a field of its own. */
function queryOf({ account, kind, about, from, to }: Omit<Question, 'limit'>): string | null {
  const parts = [
    account === undefined ? [] : [`account ${account}`],
    kind === undefined ? [] : [`kind ${kind}`],
    about === undefined ? [] : [`about ${about}`],
    from === undefined ? [] : [`from ${iso(from)}`],
    to === undefined ? [] : [`to ${iso(to)}`],
  ].flat()
  return parts.length === 0 ? null : parts.join(', ').slice(0, queryMax)
}
