/** `linia config …`: the configuration of the line as a YAML file, which a city can keep in git. */
import { readFile, writeFile } from 'node:fs/promises'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { parse, stringify } from 'yaml'
import type { Settings } from '../../config.ts'
import { removedQueues } from '../../core/configuration/removed-queues.ts'
import { changesOf, type ConfigurationChange } from '../../core/configuration/changes.ts'
import {
  faultsOf,
  type ConfigurationFault,
  type ConfigurationFaultCode,
} from '../../core/configuration/check.ts'
import { Configuration } from '../../core/configuration/schema.ts'
import { menusNeverHeardAfter } from '../../core/configuration/menus-never-heard.ts'
import { hoursNeverOpenAfter } from '../../core/configuration/never-open.ts'
import { configurationWarnings, type SkillWarning } from '../../core/configuration/skills.ts'
import type { Database } from '../../ledger/database.ts'
import {
  newestConfiguration,
  publishConfiguration,
  type PublishedConfiguration,
} from '../../ledger/configuration/versions.ts'
import { declaredDays } from '../../people/declared-days.ts'
import { closedDays } from '../../people/holidays.ts'
import { skilledAgents } from '../../people/skills/agent-skills.ts'
import { lockHolder } from '../lock.ts'
import { say, UserError } from '../terminal.ts'
import { withDatabase } from './running-database.ts'

const header = [
  ' The configuration of the line. See the difference with `linia config plan <file>`, publish it with',
  ' `linia config apply <file> "<reason>"`. Hours are in the time of Romania.',
].join('\n')

const sentences: Readonly<Record<ConfigurationFaultCode, string>> = {
  'no number': 'there has to be at least one number',
  'no queue': 'there has to be at least one queue',
  'id not usable': 'an id has 1–40 of a–z, 0–9 and dash, a letter first',
  'id twice': 'another one has this id',
  'name empty': 'it has no name',
  'name twice': 'another one has this name',
  'number not usable': 'a number has 3–15 digits, and is not 112',
  'number twice': 'this number is there already',
  'forms too many': 'a number has at most 10 other forms',
  'queue unknown': 'there is no such queue',
  'hours unknown': 'there are no such hours',
  'hours not readable': 'hours are `always`, `closed` on a date, or such as `Mon-Fri 08:00-22:00`',
  'hours overlap': 'two times of one day overlap',
  'date not usable': 'a date is such as 2026-12-24',
  'date twice': 'this date is there already',
  'menu unknown': 'there is no such menu',
  'menu without keys': 'no key leads anywhere',
  'menu leads to itself': 'its keys lead back to it; for the menu before there is `back`',
  'menu leads to nobody': 'no key leads to a queue, not even through further menus',
  'menu never heard':
    'with `answer: agent` no key gets through before an agent answers; leave `menu` or `answer` out',
  'text empty': 'it says nothing',
  'text not readable': 'it has no letter and no digit, so that nothing would be heard',
  'text missing': 'callers who have chosen this language may come here',
  'nothing announced':
    'announcements need `position`, `estimate` or `texts`; without any leave `announce` out',
  'overflow without a bound':
    'an overflow needs `whenWaiting`, `afterSeconds` or `whenNobodySignedIn: true`; without one leave `overflow` out',
  'overflow not to one': 'an overflow has exactly one of `to`, `voicemail: true` and `callback: true`',
  'overflow to itself': 'callers would stay where they are',
  'overflow leads back': 'callers would come back to this queue, perhaps through others',
  'code unknown': 'there is no such code',
  'code for no queue': 'the codes above it are for other queues, so that it would be offered for no call',
  'called number not readable':
    'a beginning is + and the country (`+40256`), a whole short number three to six digits; in Romania nine digits follow +40',
  'called number too short': 'a short number has three to six digits, a beginning at least one after the +',
  'called number without country': 'a beginning has its country: `+40256…` in place of `0256…`',
  'called number premium': 'premium numbers (090x) are never called',
  'called number emergency': 'agents’ phones dial 112 by themselves, and the desk never does',
  'called number ours': 'this is the city’s own number',
  'called number abroad':
    'abroad only what OUTBOUND_ALLOW, of the settings of the server, has (OUTBOUND_ALLOW_SUPERVISORS for supervisors)',
  'pause reserved': 'the system sets this reason itself; choose another id',
  'codes too deep': 'codes have at most three levels, and none is below itself',
}

const FileContent = Type.Object(
  { basedOn: Type.Optional(Type.Integer({ minimum: 0 })), ...Configuration.properties },
  { additionalProperties: false },
)

interface ConfigurationFile {
  readonly text: string
  /** The version that it changes; null: the file does not say. */
  readonly basedOn: number | null
  readonly document: Configuration
}

export async function exportConfiguration(
  settings: Settings,
  [file, ...more]: readonly string[],
  tell = say,
): Promise<number> {
  if (more.length > 0) throw new UserError('Say one file: linia config export [<file>]')
  return withDatabase(settings, async (db) => {
    const { id: basedOn, document } = await newestConfiguration(db)
    const text = stringify({ basedOn, ...document }, { lineWidth: 100 })
    const whole = `${header.replaceAll(/^/gm, '#')}\n${text}`
    if (file === undefined) tell(whole.trimEnd())
    else await writeNew(file, whole)
  })
}

/** Publishes nothing. */
export async function planConfiguration(
  settings: Settings,
  [file, ...more]: readonly string[],
  tell = say,
): Promise<number> {
  if (file === undefined || more.length > 0) throw new UserError('Say which file: linia config plan <file>')
  const { basedOn, document } = await configurationIn(file, settings)
  return withDatabase(settings, async (db) => {
    const newest = await newestConfiguration(db)
    const changes = changesOf(newest.document, document)
    tellChanges(changes, tell)
    await tellWarnings(db, newest.document, document, settings, tell)
    await tellWaiting(settings, newest.document, document, tell)
    if (changes.length > 0 && basedOn !== newest.id) tell(publishedSince(newest))
  })
}

/** A version that the file does not know of is not undone, unless `--over` names it. */
export async function applyConfiguration(
  settings: Settings,
  args: readonly string[],
  tell = say,
): Promise<number> {
  const { rest, over } = withOver(args)
  const [file, reason = '', ...more] = rest
  if (file === undefined || reason.trim() === '' || more.length > 0)
    throw new UserError('Say what, and why: linia config apply <file> "<reason>" [--over <version>]')
  const { text, basedOn, document } = await configurationIn(file, settings)
  return withDatabase(settings, async (db) => {
    const newest = await newestConfiguration(db)
    const changes = changesOf(newest.document, document)
    if (changes.length > 0 && newest.id !== (over ?? basedOn)) throw new UserError(publishedSince(newest))
    tellChanges(changes, tell)
    if (changes.length === 0) {
      // The answer to an earlier publication of this file may have been lost, before the file had its version.
      if (basedOn !== newest.id) await noteVersion(file, text, newest.id, tell)
      return
    }
    await tellWarnings(db, newest.document, document, settings, tell)
    const published = await publishConfiguration(db, {
      document,
      basedOn: newest.id,
      reason: reason.trim(),
      by: null,
      server: settings.callOut,
    })
    if (!published.ok)
      throw published.why === 'faults'
        ? faultyFile(file, published.faults)
        : new UserError('Somebody has published a change in this very moment. Look at the plan again.')
    tell(`Version ${published.id} is in force.`)
    await noteVersion(file, text, published.id, tell)
  })
}

function withOver(args: readonly string[]): {
  readonly rest: readonly string[]
  readonly over: number | null
} {
  const at = args.indexOf('--over')
  if (at < 0) return { rest: args, over: null }
  const version = args[at + 1] ?? ''
  if (!/^\d+$/.test(version)) throw new UserError('Say over which version: --over 12, as the plan names it')
  return { rest: args.toSpliced(at, 2), over: Number(version) }
}

const publishedSince = ({ id, byName, publishedAt }: PublishedConfiguration): string =>
  publishedAt === null
    ? 'The file is not of this system, where nothing has been published yet. To publish it all the same: --over 0'
    : `The file does not know of version ${id}, which is in force (${byName ?? 'the command line'}, ${new Date(publishedAt).toISOString()}). ` +
      `Export it anew; or, to undo what the plan shows: --over ${id}`

/** The file goes on from the version that it has become. */
async function noteVersion(file: string, text: string, version: number, tell: typeof say): Promise<void> {
  const line = `basedOn: ${version}`
  const next = /^basedOn:.*$/m.test(text) ? text.replace(/^basedOn:.*$/m, line) : `${line}\n${text}`
  await writeFile(file, next).catch(() =>
    tell(`${file} cannot be written: before the next change, put "${line}" there.`),
  )
}

async function writeNew(file: string, text: string): Promise<void> {
  await writeFile(file, text, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(
      error.code === 'EEXIST' ? `${file} is there already.` : `${file} cannot be written: ${error.message}`,
    )
  })
}

/** @throws {UserError} naming each fault of the file. */
export async function configurationIn(
  file: string,
  { callOut }: Pick<Settings, 'callOut'>,
): Promise<ConfigurationFile> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UserError(
      error.code === 'ENOENT' ? `There is no ${file}.` : `${file} cannot be read: ${error.message}`,
    )
  })
  const content = contentOf(file, text)
  if (!Value.Check(FileContent, content)) {
    const wrong = Value.Errors(FileContent, content).map(
      ({ instancePath, message }) =>
        `  ${instancePath.slice(1).replaceAll('/', '.') || 'the file'} ${message}`,
    )
    throw new UserError([`${file} is no configuration:`, ...new Set(wrong)].join('\n'))
  }
  const { basedOn = null, ...document } = content
  const faults = faultsOf(document, callOut)
  if (faults.length > 0) throw faultyFile(file, faults)
  return { text, basedOn, document }
}

function contentOf(file: string, text: string): unknown {
  try {
    return parse(text)
  } catch (error) {
    throw new UserError(`${file} is not YAML: ${error instanceof Error ? error.message : String(error)}`)
  }
}

const faultyFile = (file: string, faults: readonly ConfigurationFault[]): UserError =>
  new UserError(
    [
      `${file} has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}; nothing was published:`,
      ...faults.map(
        ({ at, code, value }) => `  ${at}${value === '' ? '' : ` (${value})`}: ${sentences[code]}`,
      ),
    ].join('\n'),
  )

function tellChanges(changes: readonly ConfigurationChange[], tell: typeof say): void {
  if (changes.length === 0) tell('No change: this is what is in force.')
  for (const change of changes) {
    const { at, before, after } = change
    if (!('before' in change)) tell(`+ ${at}: ${written(after)}`)
    else if (!('after' in change)) tell(`- ${at}: ${written(before)}`)
    else tell(`~ ${at}: ${written(before)} → ${written(after)}`)
  }
}

/** Those that the change brings; nothing is refused for them. */
async function tellWarnings(
  db: Database,
  before: Configuration,
  after: Configuration,
  { answer }: Pick<Settings, 'answer'>,
  tell: typeof say,
): Promise<void> {
  const agents = await skilledAgents(db)
  const known = new Set(configurationWarnings(before.queues, agents).map(warningText))
  for (const text of configurationWarnings(after.queues, agents).map(warningText))
    if (!known.has(text)) tell(`! ${text}`)
  const declared = await declaredDays(db)
  const now = Date.now()
  const closed = closedDays({ declaredDays: () => declared, onChange: () => undefined })(now)
  for (const id of hoursNeverOpenAfter(before.hours, after.hours, closed, now))
    tell(`! hours.${id}: nothing opens within 60 days`)
  for (const { number, menu } of menusNeverHeardAfter(before, after, answer))
    tell(
      `! numbers.${number}: nobody hears its menu ${menu}: by the setting ANSWER no key gets through before an agent answers; write \`answer: queue\`, or leave \`menu\` out`,
    )
}

function warningText(warning: SkillWarning): string {
  if (warning.code === 'skill without queue')
    return `skill ${warning.skill}: no queue asks for it; agents who have it: ${warning.agents}`
  if (warning.code === 'queue without ageing')
    return `queues.${warning.queue}: it has no ageingSeconds, while ${warning.beside.join(', ')}, which the same agents serve, have: once their callers have waited long enough, they go before all of its own`
  const { queue, skill, levelMin } = warning
  return `queues.${queue}: no agent has the skill ${skill} at level ${levelMin} or above, so nobody can serve its callers`
}

/** Callers who wait in queues that would be removed; nothing is told of a line that does not run. */
async function tellWaiting(
  { paths }: Settings,
  before: Configuration,
  after: Configuration,
  tell: typeof say,
): Promise<void> {
  const removed = removedQueues(before, after)
  if (removed.length === 0) return
  const holder = await lockHolder(paths.var)
  if (holder === null) return
  const waiting = await waitingCallers(holder.url).catch(() => null)
  for (const { id, leadsTo } of removed) {
    const to = leadsTo ?? 'the queue of the number that each has dialled'
    if (waiting === null) tell(`! queues.${id}: how many callers wait in it is not known; they go to ${to}`)
    else if ((waiting.get(id) ?? 0) > 0)
      tell(`! queues.${id}: callers who wait in it now: ${waiting.get(id)}; they go to ${to}`)
  }
}

const askedWithinMs = 3_000

/** By queue, as the running system counts them. */
async function waitingCallers(url: string): Promise<ReadonlyMap<string, number>> {
  const answer = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(askedWithinMs) })
  if (!answer.ok) throw new Error(`the metrics were not given: ${answer.status}`)
  const lines = (await answer.text()).matchAll(/^linia_waiting_callers\{[^}]*queue="([^"]*)"[^}]*\} (\d+)/gm)
  return new Map(Array.from(lines, ([, queue = '', count]) => [queue, Number(count)]))
}

const written = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
