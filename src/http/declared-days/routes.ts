/** Public holidays and declared days: supervisors and administrators read them, administrators declare. */
import type { CityNumber } from '../../core/configuration/line.ts'
import { clockOf, dateAt, daysLater, isDate } from '../../core/local-time.ts'
import { hoursOn, type LineHours, type Window } from '../../core/opening-hours.ts'
import {
  dayVersions,
  declare,
  newestDeclarations,
  type DayRefusal,
  type DayVersion,
} from '../../people/declared-days.ts'
import { holidayNames } from '../../people/holidays.ts'
import type { App } from '../app.ts'
import type { RouteContext } from '../route-context.ts'
import { accountOf } from '../session/session.ts'
import { done, refusals } from '../shell/documented.ts'
import { iso } from '../shell/iso-time.ts'
import { Refused, WrongContent } from '../shell/problem.ts'
import type { Code } from '../shell/sentences.ts'
import {
  DayDetail,
  dayReasonMax,
  DayParams,
  dayVersionsMax,
  DeclareDay,
  DeclaredDays,
  type DayDeclaration,
  type DayWindow,
  type NumberOnDay,
  type SpecialDay,
} from './wire.ts'

const readers = { access: ['supervisor', 'administrator'] } as const
const tags = ['configuration']
/** Of the calendar. */
const daysShown = 366

const codes = {
  'not allowed': 'forbidden',
  'day over': 'day-over',
  'reason missing': 'day-without-reason',
  'changed meanwhile': 'day-changed',
} as const satisfies Partial<Record<DayRefusal, Code>>

export function declaredDayRoutes(app: App, { deps }: RouteContext): void {
  const { db, directory, now, logger } = deps

  app.get(
    '/api/declared-days',
    {
      config: readers,
      schema: {
        operationId: 'declaredDays',
        tags,
        summary: 'Public holidays and declared days from today on, with who declared what, and why',
        response: { 200: DeclaredDays, ...refusals(401, 403, 503) },
      },
    },
    async () => {
      const today = dateAt(now())
      const until = daysLater(today, daysShown)
      const declared = new Map((await newestDeclarations(db, today)).map((one) => [one.date, one]))
      const years = [yearOf(today), yearOf(today) + 1]
      const names = holidayNames([...new Set([...years, ...[...declared.keys()].map(yearOf)])])
      const days = [...names.keys()].filter((date) => date >= today && date < until)
      return {
        today,
        items: [...new Set([...days, ...declared.keys()])]
          .toSorted()
          .map((date) => dayView(date, names, declared.get(date))),
      }
    },
  )

  app.get(
    '/api/declared-days/:date',
    {
      config: readers,
      schema: {
        operationId: 'declaredDay',
        tags,
        summary: 'One day: what it is for each number of the city, closed and open, and its declarations',
        params: DayParams,
        response: { 200: DayDetail, ...refusals(400, 401, 403, 503) },
      },
    },
    async ({ params: { date } }) => {
      mustBeDay(date)
      const versions = await dayVersions(db, date, dayVersionsMax)
      return {
        ...dayView(date, holidayNames([yearOf(date)]), versions[0]),
        isOver: date < dateAt(now()),
        // The dry run and this answer agree on the usual hours.
        numbers: directory.numbers().map((one) => onDay(one, deps.dryRun.lineHours, date)),
        versions: versions.map(declarationView),
      }
    },
  )

  app.put(
    '/api/declared-days/:date',
    {
      config: { access: ['administrator'] },
      schema: {
        operationId: 'declareDay',
        tags,
        summary: 'Declare a day closed, or open again; in force at once on every node',
        params: DayParams,
        body: DeclareDay,
        response: { 204: done, ...refusals(400, 401, 403, 409, 503) },
      },
    },
    async (request, reply) => {
      const { id: by } = accountOf(request)
      const { date } = request.params
      const { closed, reason, version } = request.body
      mustBeDay(date)
      const declared = await declare(db, { date, closed, reason, basedOn: version }, { by, now: now() })
      if (!declared.ok) throw refused(declared.why)
      logger.info({ by, date, closed }, 'a day was declared')
      return reply.code(204).send(null)
    },
  )
}

const yearOf = (date: string): number => Number(date.slice(0, 4))

function mustBeDay(date: string): void {
  if (!isDate(date)) throw new WrongContent([{ field: 'date', accepted: '2026-12-24' }])
}

function refused(why: DayRefusal): Error {
  // The schema lets neither through.
  if (why === 'not a day' || why === 'reason too long')
    return new WrongContent([{ field: 'reason', accepted: `0–${dayReasonMax}` }])
  return new Refused(codes[why])
}

function dayView(
  date: string,
  names: ReturnType<typeof holidayNames>,
  declared: DayVersion | undefined,
): SpecialDay {
  const holiday = names.get(date) ?? null
  return {
    date,
    holiday,
    closed: declared?.closed ?? holiday !== null,
    declared: declared === undefined ? null : declarationView(declared),
  }
}

const declarationView = ({ version, closed, reason, at, by }: DayVersion): DayDeclaration => ({
  version,
  closed,
  reason,
  at: iso(at),
  by,
})

function onDay({ number, hours }: CityNumber, lineHours: LineHours, date: string): NumberOnDay {
  const of = hours ?? lineHours
  const { rule, windows } = hoursOn(of, new Set(), date)
  return {
    number,
    rule,
    ifOpen: windows.map(windowView),
    ifClosed: hoursOn(of, new Set([date]), date).windows.map(windowView),
  }
}

const windowView = ({ from, to }: Window): DayWindow => ({
  from: clockOf(from),
  to: to === 1_440 ? '24:00' : clockOf(to),
})
