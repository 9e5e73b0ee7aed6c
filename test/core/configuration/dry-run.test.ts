import { isDeepStrictEqual } from 'node:util'
import t from 'tap'
import * as fc from 'fast-check'
import { callDeadline } from '../../../src/core/deadline.ts'
import { arrive } from '../../../src/core/call-arrival.ts'
import { questionTexts } from '../../../src/core/announcements/callback-question.ts'
import { busyTexts } from '../../../src/core/announcements/voicemail.ts'
import { step } from '../../../src/core/call-step.ts'
import { faultsOf } from '../../../src/core/configuration/check.ts'
import { dryRun, type DryRun, type DryRunSettings } from '../../../src/core/configuration/dry-run.ts'
import { firstConfiguration, lineOf, queueOf } from '../../../src/core/configuration/line.ts'
import { languages, menuKeys, soundOf, type MenuKey } from '../../../src/core/configuration/menu.ts'
import type {
  Configuration,
  KeyTarget,
  MenuSetting,
  WhenClosed,
} from '../../../src/core/configuration/schema.ts'
import type { Effect } from '../../../src/core/effect.ts'
import { atLocal } from '../../../src/core/local-time.ts'
import { parseLineHours } from '../../../src/core/opening-hours.ts'
import { bounds } from '../../../src/core/rules.ts'
import { arrival, rules as samples } from '../samples.ts'
import { taxes, welcome } from './menu-samples.ts'

const general = { id: 'general', name: 'Informații generale', skill: 'general', levelMin: 1, priority: 10 }
const ofTaxes = { ...general, id: 'taxes', name: 'Taxe', priority: 5 }

const withMenus = (...menus: MenuSetting[]): Configuration => ({
  ...firstConfiguration,
  numbers: firstConfiguration.numbers.map((one) => ({ ...one, menu: 'welcome' })),
  queues: [general, ofTaxes],
  menus,
})

const read = parseLineHours('Mon-Fri 08:00-22:00')
if (!read.ok) throw new Error(read.expected)
const minute = 60_000
const rules = { ...samples, waitMaxMs: 60 * minute, closingGraceMs: 30 * minute }
const given: DryRunSettings = {
  rules: { ...rules, greeting: false },
  closedOn: () => new Set(['2026-12-01']),
  notices: () => [],
  lineHours: read.hours,
  textOf: (prompt) => `(${prompt.say})`,
}
const friday = atLocal('2026-12-04', 21 * 60 + 58)
const closing = atLocal('2026-12-04', 22 * 60)

function steps(
  change: Partial<DryRun>,
  configuration = withMenus(welcome, taxes),
  settings: Partial<DryRunSettings> = {},
): string[] {
  const run = { number: '969', at: friday, keys: [], isBlocked: false, ...change }
  return dryRun(configuration, run, { ...given, ...settings }).map((one) => {
    switch (one.step) {
      case 'unknown number':
        return `unknown ${one.number}`
      case 'busy':
        return 'busy'
      case 'closed':
        return `closed until ${one.opensAt ?? 'ever'} ${one.says}`
      case 'callback while closed':
        return `closed until ${one.opensAt} ${one.says}, called back by ${one.queue} (${one.name})`
      case 'voicemail':
        return `closed until ${one.opensAt ?? 'ever'} ${one.says}, voicemail ${one.queue} (${one.name})`
      case 'voicemail by key':
        return `voicemail ${one.queue} (${one.name}), ${one.language}: ${one.says}`
      case 'open':
        return `open until ${one.closesAt ?? 'ever'}`
      case 'not answered':
        return `not answered for ${one.seconds} s, without ${one.menu ?? 'a menu'}`
      case 'greeting':
      case 'notice':
        return one.says
      case 'menu':
        return `${one.menu}: ${one.isWrongKey ? 'wrong; ' : ''}${one.language}: ${one.says}`
      case 'key':
        return `key ${one.key ?? 'none'}`
      case 'queue':
        return `queue ${one.queue} (${one.name})`
      case 'own announcement':
        return `own after ${one.firstAfterSeconds} s, every ${one.everySeconds} s, ${one.language}: ${one.says}`
      case 'overflow':
        return `after ${one.afterSeconds} s: ${one.to ?? one.says} (${one.name})`
      case 'callback question':
        return `after ${one.afterSeconds} s, ${one.language}: ${one.says}`
      case 'waited too long':
        return `until ${one.at} (${one.by}), ${one.language}: ${one.says}`
    }
  })
}
/** Without the end of the wait. */
const way: typeof steps = (...of) => {
  const told = steps(...of)
  return told.at(-1)?.startsWith('until ') === true ? told.slice(0, -1) : told
}

void t.test('a caller who waits for long is asked whether they want to be called back', (t) => {
  const configuration = withMenus(welcome, taxes)
  const callback = { afterSeconds: 90, standingMax: 20 }
  const asking = {
    ...configuration,
    queues: configuration.queues.map((queue) => ({ ...queue, callback })),
  }
  const last = (change: Partial<DryRun> = {}, settings: Partial<DryRunSettings> = {}) =>
    way(change, asking, settings).at(-1)
  t.match(last({ keys: ['2'] }), /^after 90 s, ro: Dacă preferați .* apăsați tasta doi\.$/)
  t.match(
    last({}, { rules: { ...rules, greeting: false, answer: 'agent' } }),
    /^after 150 s, ro: /,
    'no key comes through before an answer',
  )
  t.end()
})

void t.test('a caller who waits for long overflows', (t) => {
  const configuration = withMenus(welcome, taxes)
  const queues = configuration.queues.map((queue) =>
    queue.id === 'general' ? { ...queue, overflow: { to: 'taxes', afterSeconds: 300 } } : queue,
  )
  t.same(way({}, { ...configuration, queues }).slice(-2), [
    'queue general (Informații generale)',
    'after 300 s: taxes (Taxe)',
  ])
  const leading = (way: 'voicemail' | 'callback') => ({
    ...configuration,
    queues: configuration.queues.map((queue) =>
      queue.id === 'general' ? { ...queue, overflow: { [way]: true as const, afterSeconds: 300 } } : queue,
    ),
  })
  t.same(way({}, leading('voicemail')).at(-1), `after 300 s: ${busyTexts[0]?.text} (Informații generale)`)
  t.same(
    way({}, leading('callback')).at(-1),
    `after 300 s: ${questionTexts('ro')[0]?.text} (Informații generale)`,
  )
  t.end()
})

void t.test('on Friday at 21:58 the caller presses 2', (t) => {
  t.same(way({ keys: ['2'] }), [
    `open until ${closing}`,
    'welcome: ro: Pentru taxe apăsați unu.',
    'key 2',
    'queue general (Informații generale)',
  ])
  t.same(way({ number: '0256969', keys: ['1', '1'] }).at(-1), 'queue taxes (Taxe)')
  t.end()
})

void t.test('wrong keys, no keys and another language', (t) => {
  t.same(way({ keys: ['7'] }).slice(1), [
    'welcome: ro: Pentru taxe apăsați unu.',
    'key 7',
    'welcome: wrong; ro: Pentru taxe apăsați unu.',
    'key none',
    'queue general (Informații generale)',
  ])
  t.same(way({ keys: ['9', null, '1', '1'] }).slice(1), [
    'welcome: ro: Pentru taxe apăsați unu.',
    'key 9',
    'welcome: en: For taxes press one.',
    'key none',
    'welcome: en: For taxes press one.',
    'key 1',
    'taxes: en: To pay press one.',
    'key 1',
    'queue taxes (Taxe)',
  ])
  const romanian = withMenus(welcome, { ...taxes, says: { ro: taxes.says.ro } })
  t.equal(way({ keys: ['9', '1', '1'] }, romanian).at(-3), 'taxes: ro: Pentru plată apăsați unu.')
  t.end()
})

void t.test('a key may lead to a message, in the language of the call', (t) => {
  const configuration = withMenus({
    ...welcome,
    keys: {
      '1': { voicemail: 'taxes' },
      '0': { queue: 'general' },
      '8': { language: 'hu' },
      '9': { language: 'en' },
    },
  })
  const last = (...keys: MenuKey[]) => way({ keys }, configuration).at(-1)
  t.match(last('1'), /^voicemail taxes \(.+\), ro: Lăsați un mesaj/)
  t.match(last('9', '1'), /^voicemail taxes \(.+\), en: Please leave a message/)
  t.match(last('8', '1'), /, ro: Lăsați un mesaj/, 'the line itself speaks no Hungarian')
  t.end()
})

void t.test('a closed number may take messages, or call back, in its own queue', (t) => {
  const configuration = withMenus(welcome, taxes)
  const taking = (closed: WhenClosed) => ({
    ...configuration,
    numbers: configuration.numbers.map((one) => ({ ...one, closed })),
  })
  const monday = atLocal('2026-12-07', 480)
  const at = closing + 60_000
  const [queue] = configuration.queues
  t.same(way({ at }, taking('voicemail')), [
    `closed until ${monday} (voicemail), voicemail ${queue?.id} (${queue?.name})`,
  ])
  t.same(way({ at }, taking('message')), [`closed until ${monday} (closed)`])
  t.same(way({ at }, taking('callback')), [
    `closed until ${monday} (callback question), called back by ${queue?.id} (${queue?.name})`,
  ])
  const never = { lineHours: { kind: 'weekly', windows: {} } } as const
  t.same(way({ at }, taking('callback'), never), ['closed until ever (closed)'])
  t.match(way({}, taking('voicemail'))[0], /^open/)
  t.end()
})

void t.test('closed, without a menu, and a number that is not ours', (t) => {
  const monday = atLocal('2026-12-07', 8 * 60)
  t.same(way({ at: closing + 60_000, keys: ['2'] }), [`closed until ${monday} (closed)`])
  t.same(
    way({ at: atLocal('2026-12-01', 600) }),
    [`closed until ${atLocal('2026-12-02', 480)} (closed)`],
    'a holiday',
  )
  t.same(way({ number: '112' }), ['unknown 112'])
  t.same(way({}, firstConfiguration).slice(1), ['queue general (Informații generale)'])
  const summer = {
    id: 'summer',
    name: 'Vara',
    weekly: 'Mon-Fri 08:00-20:00',
    holidays: 'closed' as const,
    dates: [],
  }
  const ownHours = {
    ...firstConfiguration,
    numbers: firstConfiguration.numbers.map((one) => ({ ...one, hours: 'summer' })),
    hours: [summer],
  }
  t.same(way({}, ownHours), [`closed until ${monday} (closed)`], 'hours of its own')
  t.end()
})

void t.test(
  'the greeting is heard first; a blocked caller hears nothing; nobody chooses before the answer',
  (t) => {
    t.same(way({ keys: ['2'] }, withMenus(welcome, taxes), { rules }).slice(0, 3), [
      `open until ${closing}`,
      '(greeting)',
      'welcome: ro: Pentru taxe apăsați unu.',
    ])
    t.same(way({ isBlocked: true, keys: ['2'] }), ['busy'])
    t.same(way({ isBlocked: true, at: closing + 60_000 }), ['busy'], 'also while it is closed')
    const free = { rules: { ...rules, answer: 'agent' as const, greeting: false } }
    const unanswered = ['not answered for 150 s, without welcome', 'queue general (Informații generale)']
    t.same(way({ keys: ['1'] }, withMenus(welcome, taxes), free).slice(1), unanswered)
    const { numbers, ...others } = withMenus(welcome, taxes)
    const ofNumber = { ...others, numbers: numbers.map((one) => ({ ...one, answer: 'agent' as const })) }
    t.same(way({ keys: ['1'] }, ofNumber).slice(1), unanswered, 'the number says so itself')
    t.end()
  },
)

const graces = (minutes: number | undefined, configuration = withMenus(welcome, taxes)): Configuration => ({
  ...configuration,
  numbers: configuration.numbers.map((one) =>
    minutes === undefined ? one : { ...one, closingGraceMinutes: minutes },
  ),
})

void t.test(
  'a caller shortly before closing time is told until when they are served, and what they hear then',
  (t) => {
    const last = (minutes: number | undefined, change: Partial<DryRun> = {}, settings = {}) =>
      steps({ keys: ['2'], ...change }, graces(minutes), settings).at(-1)
    const hears = 'ro: (waited too long)'
    t.equal(last(20), `until ${closing + 20 * minute} (closing), ${hears}`)
    t.equal(last(0), `until ${closing} (closing), ${hears}`)
    t.equal(last(undefined), `until ${closing + 30 * minute} (closing), ${hears}`, 'the setting')
    t.equal(last(58), `until ${closing + 58 * minute} (closing), ${hears}`, 'both at once')
    t.equal(last(59), `until ${friday + 60 * minute} (longest wait), ${hears}`)
    const noon = { at: atLocal('2026-12-04', 12 * 60) }
    t.equal(last(20, noon), `until ${noon.at + 60 * minute} (longest wait), ${hears}`)
    const always = { lineHours: { kind: 'always' as const } }
    t.equal(last(0, {}, always), `until ${friday + 60 * minute} (longest wait), ${hears}`)
    t.end()
  },
)

void t.test(
  'the end of the wait is told in the language that was chosen, and moves by the time in menus',
  (t) => {
    const textOf: DryRunSettings['textOf'] = (prompt) => JSON.stringify(prompt)
    const told = (keys: readonly (MenuKey | null)[]) => steps({ keys }, graces(20), { textOf }).at(-1)
    const at = closing + 20 * minute
    t.equal(told(['9', '2']), `until ${at} (closing), en: {"say":"waited too long","language":"en"}`)
    t.equal(told([null, '2']), `until ${at + bounds.menuKeyMs} (closing), ro: {"say":"waited too long"}`)
    t.end()
  },
)

void t.test('the end that is told is that of a real call', (t) => {
  const settings = fc.record({
    minutes: fc.option(fc.integer({ min: 0, max: 120 }), { nil: undefined }),
    waitMaxMs: fc.integer({ min: 1_000, max: 7_200_000 }),
    at: fc.integer({ min: closing - 3 * 3_600_000, max: closing - 1 }),
  })
  fc.assert(
    fc.property(settings, ({ minutes, waitMaxMs, at }) => {
      const of = { ...given.rules, waitMaxMs }
      const run = { number: '969', at, keys: [], isBlocked: false }
      const told = dryRun(graces(minutes, firstConfiguration), run, { ...given, rules: of }).at(-1)
      const closingGraceMs = minutes === undefined ? null : minutes * minute
      const admission = { opening: { open: true as const, closesAt: closing }, waiting: 0, dismissing: 0 }
      const { call } = arrive(arrival({ arrivedAt: at, closingGraceMs }), admission, at, of)
      if (told?.step !== 'waited too long' || callDeadline({ ...call, lineAnswered: true }) !== told.at)
        return false
      const [before, then] = [told.at - 1, told.at].map(
        (now) => step(call, { type: 'DeadlinePassed' }, now, of).call,
      )
      return (
        before?.phase === 'waiting' && then?.phase === 'dismissing' && then.prompt.say === 'waited too long'
      )
    }),
  )
  t.end()
})

void t.test('nobody is told what they would no longer hear', (t) => {
  const { queues, ...others } = graces(0)
  const of = (change: object) =>
    way({ keys: ['2'] }, { ...others, queues: queues.map((one) => ({ ...one, ...change })) }).at(-1)
  const queue = 'queue general (Informații generale)'
  const isLast = (change: object) => of(change) === queue
  const announce = (firstAfterSeconds: number) => ({
    announce: {
      position: false,
      estimate: false,
      firstAfterSeconds,
      everySeconds: 60,
      texts: [{ ro: 'Pe site.' }],
    },
  })
  const callback = (afterSeconds: number) => ({ callback: { afterSeconds, standingMax: 20 } })
  const overflow = (of: object) => ({ overflow: { to: 'elsewhere', ...of } })
  const ways = [announce, callback, (afterSeconds: number) => overflow({ afterSeconds })]
  t.same(
    ways.map((change) => isLast(change(119))),
    [false, false, false],
  )
  t.same(
    ways.map((change) => isLast(change(120))),
    [true, true, true],
    'it is closed by then',
  )
  t.match(
    of(overflow({ afterSeconds: 120, whenWaiting: 3 })),
    /^after undefined s/,
    'another bound may come first',
  )
  t.match(of(overflow({ afterSeconds: 120, whenNobodySignedIn: true })), /^after undefined s/)
  t.ok(isLast(overflow({ afterSeconds: 120, whenNobodySignedIn: false })))
  t.match(of(overflow({ whenWaiting: 3 })), /^after undefined s/)
  t.end()
})

const ids = ['one', 'two', 'three'] as const
const queueIds = [general.id, ofTaxes.id] as const
const target = (index: number): fc.Arbitrary<KeyTarget> =>
  fc.oneof(
    fc.constantFrom(...queueIds).map((queue) => ({ queue })),
    fc.constantFrom(...queueIds).map((voicemail) => ({ voicemail })),
    // Onwards alone: a loop is a fault.
    fc.constantFrom(...ids.slice(index + 1), 'three' as const).map((menu) => ({ menu })),
    fc.constantFrom(...languages).map((language) => ({ language })),
    fc.constantFrom({ back: true as const }, { again: true as const }),
  )
const menuOf = (id: string, index: number): fc.Arbitrary<MenuSetting> =>
  fc.record({
    id: fc.constant(id),
    name: fc.constant(id),
    says: fc.constant({ ro: `meniul ${id}`, en: `menu ${id}` }),
    keys: fc.dictionary(fc.constantFrom(...menuKeys), target(index), { minKeys: 1, maxKeys: 6 }),
    repeats: fc.integer({ min: 0, max: 3 }),
  })
const documents = fc.tuple(...ids.map(menuOf)).map((menus): Configuration => ({
  ...firstConfiguration,
  numbers: [{ number: '969', also: [], name: '969', queue: general.id, menu: 'one' }],
  queues: [general, ofTaxes],
  menus,
}))
const presses = fc.record({
  key: fc.option(fc.constantFrom(...menuKeys), { nil: null }),
  /** While it is read, or in the time for a key. */
  isEarly: fc.boolean(),
  afterMs: fc.integer({ min: 1, max: 2_000 }),
})
type Press = typeof presses extends fc.Arbitrary<infer One> ? One : never

/** A real call of the same number: what its media plan plays, and the queue in which it ends. */
function realCall(configuration: Configuration, keys: readonly Press[]) {
  const line = lineOf(configuration)
  let now = friday
  const of = { queue: queueOf(line, '969'), menu: line.numbers[0]?.menu ?? null, arrivedAt: now }
  const opening = { open: true as const, closesAt: closing }
  let stepped = arrive(arrival(of), { opening, waiting: 0, dismissing: 0 }, now, given.rules)
  const effects: Effect[] = [...stepped.effects]
  const pressed: (MenuKey | null)[] = []
  const left = [...keys]
  const go = (event: Parameters<typeof step>[1]): void => {
    stepped = step(stepped.call, event, now, given.rules)
    effects.push(...stepped.effects)
  }
  while (stepped.call.phase === 'menu') {
    const { key, isEarly, afterMs } = left.shift() ?? { key: null, isEarly: false, afterMs: 1 }
    now += afterMs
    pressed.push(key)
    if (key === null || !isEarly) go({ type: 'PlaybackEnded', playback: stepped.call.playback })
    now += key === null ? bounds.menuKeyMs : 1
    go(key === null ? { type: 'DeadlinePassed' } : { type: 'KeyPressed', key })
  }
  const played = effects.flatMap((effect) =>
    effect.do === 'Play' && effect.prompt.say === 'menu'
      ? [[effect.prompt.sound, effect.prompt.isWrongKey]]
      : [],
  )
  const { call } = stepped
  const ends = call.phase === 'waiting' || call.phase === 'voicemail'
  return {
    played,
    pressed,
    queue: [ends ? `${call.phase} ${call.queue}` : call.phase],
  }
}

void t.test('what it says is what a call meets, for any menus and keys', (t) => {
  let [runs, deep] = [0, 0]
  fc.assert(
    fc.property(documents, fc.array(presses, { maxLength: 15 }), (configuration, keys) => {
      fc.pre(faultsOf(configuration).length === 0)
      const said = dryRun(
        configuration,
        { number: '969', at: friday, keys: keys.map(({ key }) => key), isBlocked: false },
        given,
      )
      const real = realCall(configuration, keys)
      const menus = said.flatMap((one) => (one.step === 'menu' ? [one] : []))
      runs += 1
      if (new Set(menus.map(({ menu }) => menu)).size > 1) deep += 1
      const told = {
        played: menus.map(({ language, says, isWrongKey }) => [soundOf(language, says), isWrongKey]),
        pressed: said.flatMap((one) => (one.step === 'key' ? [one.key] : [])),
        queue: said.flatMap((one) => {
          if (one.step === 'voicemail by key') return [`voicemail ${one.queue}`]
          return one.step === 'queue' ? [`waiting ${one.queue}`] : []
        }),
      }
      return isDeepStrictEqual(told, real)
    }),
    { numRuns: 400 },
  )
  t.ok(deep > runs / 25, `${deep} of ${runs} came to a further menu`)
  t.end()
})

void t.test('a number’s own words are told', (t) => {
  const says = { greeting: { ro: 'Salut.', en: 'Welcome.' }, closed: { ro: 'Închis.' } }
  const { numbers, ...others } = withMenus()
  const configuration = {
    ...others,
    numbers: numbers.map(({ menu: _menu, ...one }) => ({ ...one, says })),
  }
  const textOf: DryRunSettings['textOf'] = (prompt, _now, own) =>
    'words' in prompt
      ? Object.values(prompt.words)
          .map((sound) => own[sound])
          .join(' ')
      : prompt.say
  const told = (change: Partial<DryRun>, settings: Configuration = configuration) =>
    way(change, settings, { rules, textOf })
  t.match(told({}), [/^open/, 'Salut. Welcome.', /^queue/])
  t.match(told({ at: closing }), [/ Închis\.$/])
  const voicemail = configuration.numbers.map((one) => ({ ...one, closed: 'voicemail' as const }))
  t.match(told({ at: closing }, { ...configuration, numbers: voicemail }), [/ Închis\., voicemail/])
  t.match(told({}, { ...configuration, numbers: voicemail.map(({ says: _says, ...one }) => one) }), [
    /^open/,
    'greeting',
    /^queue/,
  ])
  t.end()
})

void t.test('the own announcements of the queue are told, in the language that was chosen', (t) => {
  const texts = [{ ro: 'Pe site.', en: 'By the web site.' }, { ro: 'La ghișeu.' }]
  const announce = { position: true, estimate: false, firstAfterSeconds: 20, everySeconds: 60, texts }
  const configuration = { ...withMenus(welcome, taxes), queues: [{ ...general, announce }, ofTaxes] }
  const own = (...keys: MenuKey[]) => way({ keys }, configuration).filter((told) => told.startsWith('own'))
  t.same(own('2'), ['own after 20 s, every 60 s, ro: Pe site.', 'own after 20 s, every 60 s, ro: La ghișeu.'])
  t.same(own('9', '2'), ['own after 20 s, every 60 s, en: By the web site.'])
  t.end()
})
