/** `linia config try` and `try-call`: what a caller, or an agent who calls, meets under the configuration of the line, without a call. */
import { parseArgs } from 'node:util'
import { promptTexts, spoken } from '../../asterisk/config/prompts.ts'
import { rulesFrom, type Settings } from '../../config.ts'
import type { WaitBound } from '../../core/call-arrival.ts'
import { dryRun, type DryRunStep } from '../../core/configuration/dry-run.ts'
import { menuKeys, type MenuKey } from '../../core/configuration/menu.ts'
import {
  tryCallOut,
  type CallOutVerdict,
  type TriedCallOut,
} from '../../core/configuration/outbound-dry-run.ts'
import type { Configuration, OverflowSetting } from '../../core/configuration/schema.ts'
import type { Millis } from '../../core/ids.ts'
import { atLocal, isDate, timeZone } from '../../core/local-time.ts'
import type { CallOutRefusal } from '../../core/phone-number.ts'
import { newestConfiguration } from '../../ledger/configuration/versions.ts'
import { heldCallerNotices } from '../../people/caller-notices/caller-notices.ts'
import { declaredDays } from '../../people/declared-days.ts'
import { closedDays } from '../../people/holidays.ts'
import { say, UserError } from '../terminal.ts'
import { configurationIn } from './configuration.ts'
import { withDatabase } from './running-database.ts'

const usage =
  "Say which number, and when: linia config try --number 969 --at '2026-12-04 21:58' [--keys 2] [--blocked] [<file>]"

export async function tryConfiguration(
  settings: Settings,
  args: readonly string[],
  tell = say,
): Promise<number> {
  const { file, ...run } = orderIn(args)
  const texts = await promptTexts()
  return withDatabase(settings, async (db) => {
    const { document } = file === null ? await newestConfiguration(db) : await configurationIn(file, settings)
    const declared = await declaredDays(db)
    const notices = await heldCallerNotices(db)
    const steps = dryRun(document, run, {
      rules: rulesFrom(settings),
      lineHours: settings.lineHours,
      closedOn: closedDays({ declaredDays: () => declared, onChange: () => undefined }),
      notices: () => notices,
      textOf: (prompt, now, own) => spoken(prompt, now, { ...texts, ...own }),
    })
    for (const step of steps) tell(inWords(step, document))
  })
}

const callUsage = 'Say which number: linia config try-call 0256408300 [--supervisor] [--returning] [<file>]'

/** `linia config try-call`: whether an agent may call the number, and how it is dialled. */
export async function tryCall(settings: Settings, args: readonly string[], tell = say): Promise<number> {
  const { values, positionals } = callArgumentsIn(args)
  const [number, file, ...more] = positionals
  if (number === undefined || more.length > 0) throw new UserError(callUsage)
  const { supervisor = false, returning: isReturning = false } = values
  const by = supervisor ? 'supervisor' : 'agent'
  return withDatabase(settings, async (db) => {
    const { document } =
      file === undefined ? await newestConfiguration(db) : await configurationIn(file, settings)
    const { callOut } = rulesFrom(settings)
    tell(verdictInWords(tryCallOut(document, { number, by, isReturning }, callOut), by))
  })
}

function callArgumentsIn(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { supervisor: { type: 'boolean' }, returning: { type: 'boolean' } },
    })
  } catch {
    throw new UserError(callUsage)
  }
}

function verdictInWords(verdict: CallOutVerdict, by: TriedCallOut['by']): string {
  if (verdict.verdict === 'allowed')
    return `Allowed by ${verdict.allowedBy}: ${verdict.number}, dialled as ${verdict.dialled}.`
  const { refusal, maySupervisor } = verdict
  return `Refused: ${whyRefused(by)[refusal]}.${maySupervisor ? ' A supervisor may call it.' : ''}`
}

const whyRefused = (by: TriedCallOut['by']): Record<CallOutRefusal, string> => {
  const [right, lists] =
    by === 'agent' ? ['agents', 'allowed'] : ['supervisors', 'allowed or allowedToSupervisors']
  return {
    'not allowed to call': `the rule ${right} is none`,
    'only returned calls': `the rule ${right} is returns, and the number is typed`,
    'no number': 'this has no digits',
    'not a number': 'this is no telephone number',
    'an emergency number': '112 is never called from a desk',
    'our own number': 'this is a number of the city',
    'a premium number': 'premium numbers (090x) are never called',
    'a foreign number': `this is a number abroad, and none of ${lists} that the server’s settings have too begins it`,
    'a number not allowed': `no number of ${lists} is, or begins, this one`,
    'too many calls': 'the rule perHour is 0',
    'too many calls of all': 'the rule perHourAll is 0, and the number is typed',
  }
}

/** @throws {UserError} */
function orderIn(args: readonly string[]) {
  const { values, positionals } = argumentsIn(args)
  const { number, at, keys = '', blocked = false } = values
  const [file = null, ...more] = positionals
  if (number === undefined || at === undefined || more.length > 0) throw new UserError(usage)
  return { file, number, at: timeIn(at), keys: keysIn(keys), isBlocked: blocked }
}

function argumentsIn(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        number: { type: 'string' },
        at: { type: 'string' },
        keys: { type: 'string' },
        blocked: { type: 'boolean' },
      },
    })
  } catch {
    throw new UserError(usage)
  }
}

function timeIn(text: string): Millis {
  const [, date = '', hour, minute] = /^(\d{4}-\d\d-\d\d)[ T]([01]?\d|2[0-3]):([0-5]\d)$/.exec(text) ?? []
  if (!isDate(date)) throw new UserError(`"${text}" is no time. Times are written like '2026-12-04 21:58'.`)
  return atLocal(date, Number(hour) * 60 + Number(minute))
}

const keysIn = (text: string): readonly (MenuKey | null)[] =>
  Array.from(text, (character) => {
    const key = menuKeys.find((one) => one === character)
    if (key === undefined && character !== '-')
      throw new UserError(`"${character}" is no key. Keys are 0–9, * and #, and - for none.`)
    return key ?? null
  })

const format = new Intl.DateTimeFormat('en-GB', {
  timeZone,
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
})

function inWords(step: DryRunStep, { menus = [] }: Configuration): string {
  const menuName = (menu: string): string => menus.find(({ id }) => id === menu)?.name ?? menu
  switch (step.step) {
    case 'unknown number':
      return `${step.number} is no number of the city.`
    case 'busy':
      return 'Blocked: the busy tone.'
    case 'callback while closed':
      return `Closed, opens ${format.format(step.opensAt)}. Heard: „${step.says}” With the keys 2 and 1 the caller is called back by the queue "${step.name}" (${step.queue}) once it is open, if the number can be called.`
    case 'closed':
    case 'voicemail': {
      const opens =
        step.opensAt === null ? 'no opening within 60 days' : `opens ${format.format(step.opensAt)}`
      const then =
        step.step === 'closed'
          ? 'The call ends.'
          : `A message may be left in the queue "${step.name}" (${step.queue}).`
      return `Closed, ${opens}. Heard: „${step.says}” ${then}`
    }
    case 'voicemail by key':
      return `A message may be left in the queue "${step.name}" (${step.queue}), ${step.language}: „${step.says}”`
    case 'open':
      return step.closesAt === null ? 'Open at all times.' : `Open until ${format.format(step.closesAt)}.`
    case 'not answered': {
      const unheard = step.menu === null ? '' : ` The menu "${menuName(step.menu)}" is not heard.`
      return `Not answered before an agent does, for ${step.seconds} seconds at most: the wait is free, and no key gets through.${unheard}`
    }
    case 'greeting':
      return `Greeting: „${step.says}”`
    case 'menu':
      return `${step.isWrongKey ? 'A short tone for a wrong key. ' : ''}Menu "${menuName(step.menu)}" (${step.language}): „${step.says}”`
    case 'key':
      return step.key === null ? 'No key.' : `Key ${step.key}.`
    case 'queue':
      return `Waits for a person in the queue "${step.name}" (${step.queue}).`
    case 'notice':
      return `Notice to callers: „${step.says}”`
    case 'own announcement':
      return `While waiting, in turn (the first announcement after ${step.firstAfterSeconds} seconds, then every ${step.everySeconds}; ${step.language}): „${step.says}”`
    case 'overflow':
      return `${bounds(step)}: ${overflowTo(step)}`
    case 'callback question':
      return `After ${step.afterSeconds} seconds, if the number can be called: „${step.says}”`
    case 'waited too long':
      return `Waits until ${format.format(step.at)} at most (${ends[step.by]}). If nobody has answered by then: „${step.says}” The call ends.`
  }
}

const ends = {
  closing: 'closing time and the minutes after it',
  'longest wait': 'the longest wait',
} as const satisfies Record<WaitBound['by'], string>

function overflowTo({ to, voicemail, name, says }: DryRunStep & { readonly step: 'overflow' }): string {
  if (to !== undefined) return `goes on to the queue "${name}" (${to}).`
  return voicemail === true
    ? `may leave a message in the queue "${name}": „${says}”`
    : `is asked whether to be called back, if the number can be called, and waits on without the keys: „${says}”`
}

const bounds = ({ whenNobodySignedIn, whenWaiting, afterSeconds }: OverflowSetting): string =>
  [
    whenNobodySignedIn === true ? 'With no agent signed in' : null,
    whenWaiting === undefined ? null : `with ${whenWaiting} callers before them`,
    afterSeconds === undefined ? null : `after ${afterSeconds} seconds`,
  ]
    .filter((bound) => bound !== null)
    .join(', or ')
    .replace(/^./, (letter) => letter.toUpperCase())
