/**
 * The configuration of the line: one document, which is published as a whole, so that its parts always fit together. It
 * is written as people write it, hours as text, because a city keeps it in a file as well. Its meaning: `check.ts`, `line.ts`.
 */
import { Type, type Static, type TProperties } from 'typebox'
import { languages, type FurtherLanguage } from './menu.ts'

/** `title`: its name among the schemas of the API's document. */
const strict = <Properties extends TProperties>(properties: Properties, description: string, title: string) =>
  Type.Object(properties, { additionalProperties: false, description, title })
const text = (maxLength: number, description: string) => Type.String({ maxLength, description })
const list = <Item extends ReturnType<typeof strict>>(item: Item, maxItems: number) =>
  Type.Array(item, { maxItems })
const id = text(40, 'a–z, 0–9 and dash, a letter first')
const name = text(60, 'As agents and supervisors read it')

/** Texts in the further languages. */
const furtherTexts = (maxLength: number) => {
  const inIt = (name: string) => Type.Optional(text(maxLength, `In ${name}`))
  return {
    bg: inIt('Bulgarian'),
    cs: inIt('Czech'),
    de: inIt('German'),
    el: inIt('Greek'),
    es: inIt('Spanish'),
    fr: inIt('French'),
    hr: inIt('Croatian'),
    hu: inIt('Hungarian'),
    it: inIt('Italian'),
    pl: inIt('Polish'),
    ru: inIt('Russian'),
    sk: inIt('Slovak'),
    sr: inIt('Serbian'),
    tr: inIt('Turkish'),
    uk: inIt('Ukrainian'),
  } as const satisfies Record<FurtherLanguage, unknown>
}

/** Read out. `english`: by whom the English text is heard. */
const words = <Further extends TProperties>(
  maxLength: number,
  english: string,
  further: Further,
  description: string,
  title: string,
) =>
  strict(
    { ro: text(maxLength, 'In Romanian'), en: Type.Optional(text(maxLength, english)), ...further },
    description,
    title,
  )

/** Read out, about 20 seconds. */
export const announcementTextMax = 250
export const announcementTextsMax = 5

/** Bounds in seconds: a caller who has just come is not spoken to at once, and there is more music than speech. */
export const AnnouncementSetting = strict(
  {
    position: Type.Boolean({ description: 'Whether callers hear how many are before them' }),
    estimate: Type.Boolean({
      description: 'Whether callers hear how long it will probably take, once that is known',
    }),
    firstAfterSeconds: Type.Integer({ minimum: 5, maximum: 600, description: 'Music before the first one' }),
    everySeconds: Type.Integer({
      minimum: 30,
      maximum: 600,
      description: 'From the beginning of one to the beginning of the next',
    }),
    texts: Type.Optional(
      Type.Array(
        words(
          announcementTextMax,
          'In English, for callers who have chosen it; without a text in their language they do not hear this one',
          furtherTexts(announcementTextMax),
          'Read out as it is written',
          'AnnouncementText',
        ),
        {
          minItems: 1,
          maxItems: announcementTextsMax,
          description:
            'The city’s own, in this order, one after the other and then from the first again; between two of them the place and the estimate, where there are any',
        },
      ),
    ),
  },
  'What callers who wait are told between two stretches of music',
  'AnnouncementSetting',
)

type Bounds = readonly [minimum: number, maximum: number]

const whole = ([minimum, maximum]: Bounds, description: string) =>
  Type.Integer({ minimum, maximum, description })

export const callbackBounds = {
  afterSeconds: [10, 1_800],
  standingMax: [1, 500],
} as const satisfies Record<string, Bounds>

export const CallbackSetting = strict(
  {
    afterSeconds: whole(callbackBounds.afterSeconds, 'Waited for so long'),
    standingMax: whole(
      callbackBounds.standingMax,
      'While so many citizens are to be called back nobody is asked',
    ),
  },
  'Callers who wait may choose by key to be called back, and keep their place',
  'CallbackSetting',
)

export const priorityBounds: Bounds = [1, 1_000]
export const ageingBounds: Bounds = [1, 600]

export const wrapUpBounds: Bounds = [0, 1_800]

export const overflowBounds = {
  whenWaiting: [1, 500],
  afterSeconds: [10, 1_800],
} as const satisfies Record<string, Bounds>

export const OverflowSetting = strict(
  {
    whenWaiting: Type.Optional(whole(overflowBounds.whenWaiting, 'Callers before whom so many wait')),
    afterSeconds: Type.Optional(whole(overflowBounds.afterSeconds, 'Callers who have waited for so long')),
    whenNobodySignedIn: Type.Optional(
      Type.Boolean({
        description: 'All of them, while no agent with the skill at its least level is signed in',
      }),
    ),
    to: Type.Optional(text(40, 'The queue in which they wait then, by the time of their arrival')),
    voicemail: Type.Optional(
      Type.Literal(true, {
        description: 'They leave a message, which is seen to in the queue that they leave',
      }),
    ),
    callback: Type.Optional(
      Type.Literal(true, {
        description: 'They are asked whether they want to be called back, and go on waiting without the keys',
      }),
    ),
  },
  'Callers who go on waiting in another queue, leave a message, or are asked whether they want to be called back, once each: exactly one of the three, and at least one of the three bounds',
  'OverflowSetting',
)

export const surveyBounds = {
  talkedSeconds: [0, 600],
} as const satisfies Record<string, Bounds>

export const SurveySetting = strict(
  {
    talkedSeconds: whole(surveyBounds.talkedSeconds, 'After a conversation of this length or more'),
  },
  'Callers whose agent hangs up first are asked two questions by key: whether they received the help that they needed, and a rating from 1 to 5',
  'SurveySetting',
)

export const targetBounds = {
  percent: [1, 100],
  withinSeconds: [1, 3_600],
} as const satisfies Record<string, Bounds>

export const TargetSetting = strict(
  {
    percent: whole(targetBounds.percent, 'So many of a hundred calls'),
    withinSeconds: whole(
      targetBounds.withinSeconds,
      'T of the service level: an answer within so long of entering the queue is in time',
    ),
  },
  'The service level that the queue is to have',
  'TargetSetting',
)

export const QueueSetting = strict(
  {
    id,
    name,
    nameEn: Type.Optional(text(60, 'On English screens; without it the Romanian name serves them too')),
    skill: text(40, 'The skill that an agent needs'),
    levelMin: Type.Integer({ minimum: 1, maximum: 5, description: 'The least level of that skill' }),
    priority: whole(priorityBounds, 'Lower is served first'),
    // Absent: the priority of its callers stays.
    ageingSeconds: Type.Optional(
      whole(
        ageingBounds,
        'So many seconds of waiting count as one step of priority. Among queues of equal priority the one with half the seconds is served as if its callers had waited twice as long',
      ),
    ),
    // Documents from before announcements have none.
    announce: Type.Optional(AnnouncementSetting),
    // Absent: only a supervisor promises callbacks.
    callback: Type.Optional(CallbackSetting),
    // Absent: its callers stay in it.
    overflow: Type.Optional(OverflowSetting),
    // Absent: its callers are not asked.
    survey: Type.Optional(SurveySetting),
    // Absent: 80 % within the setting `SERVICE_LEVEL_MS`.
    target: Type.Optional(TargetSetting),
    // Absent: the setting `WRAP_UP_MS`.
    wrapUpSeconds: Type.Optional(
      whole(wrapUpBounds, 'How long an agent is offered no call after one of this queue; 0: not at all'),
    ),
  },
  'Where calls wait for a skill at a least level',
  'QueueSetting',
)

export const DatedHours = strict(
  {
    date: text(10, '`YYYY-MM-DD`'),
    hours: text(200, '`closed`, or times such as `08:00-12:00`'),
    reason: Type.Optional(text(200, 'As people read it')),
  },
  'The hours of one day instead of its weekday’s, also on a public holiday',
  'DatedHours',
)

export const HoursSetting = strict(
  {
    id,
    name,
    weekly: text(400, '`always`, or days and times such as `Mon-Fri 08:00-22:00, Sat 09:00-13:00`'),
    holidays: Type.Union([Type.Literal('closed'), Type.Literal('open')], {
      description: 'On public holidays and declared days; `always` has no closed days but those of `dates`',
    }),
    dates: list(DatedHours, 400),
  },
  'Opening hours, in the time of Romania',
  'HoursSetting',
)

const language = Type.Enum([...languages])

export const KeyTarget = Type.Union([
  strict({ queue: text(40, 'Where the caller waits from then on') }, 'To a queue', 'KeyToQueue'),
  strict(
    { voicemail: text(40, 'Where the message is seen to') },
    'To a message in a queue',
    'KeyToVoicemail',
  ),
  strict({ menu: text(40, 'A further menu') }, 'To a further menu', 'KeyToMenu'),
  strict({ language }, 'The same menu in this language, which the call keeps', 'KeyToLanguage'),
  strict({ back: Type.Literal(true) }, 'To the menu before', 'KeyBack'),
  strict({ again: Type.Literal(true) }, 'The same menu once more', 'KeyAgain'),
])
const key = Type.Optional(KeyTarget)

/** Read out, about 40 seconds. */
export const menuTextMax = 600

export const MenuSetting = strict(
  {
    id,
    name,
    says: words(
      menuTextMax,
      'In English; needed, as in each language, where callers may come who have chosen it',
      furtherTexts(menuTextMax),
      'What the caller hears; it is read out as it is written',
      'MenuText',
    ),
    keys: strict(
      {
        '1': key,
        '2': key,
        '3': key,
        '4': key,
        '5': key,
        '6': key,
        '7': key,
        '8': key,
        '9': key,
        '0': key,
        '*': key,
        '#': key,
      },
      'Where each key leads',
      'MenuKeys',
    ),
    repeats: Type.Integer({
      minimum: 0,
      maximum: 3,
      description: 'How often it is heard again without a usable key, before the caller waits for a person',
    }),
  },
  'A choice by key, before a queue',
  'MenuSetting',
)

/**
 * `message`: callers hear that it is closed. `voicemail`: they may also leave a message in its queue. `callback`: they may choose by key
 * to be called back once it is open.
 */
export const whenClosed = ['message', 'voicemail', 'callback'] as const
const WhenClosed = Type.Union(
  [Type.Literal('message'), Type.Literal('voicemail'), Type.Literal('callback')],
  {
    description:
      'While it is closed: `message`, as without it, tells callers so; with `voicemail` they may also leave a message in its queue; with `callback` they may choose by key to be called back, by its queue, once it is open',
  },
)

const AnswerAt = Type.Union([Type.Literal('queue'), Type.Literal('agent')], {
  description:
    'When its calls are answered: `queue`, at once; `agent`, by the agent, so that waiting is free, for 150 seconds at most; no menu, and until then no callback by key. Absent: as the setting `ANSWER` says',
})

/**
 * Read out, about 24 and 16 seconds in Romanian: with the English text, the time of the next opening and how to leave a message they end
 * within the bound of one playback.
 */
export const greetingTextMax = 300
export const closedTextMax = 200

const heardByAll = 'In English, heard after it by every caller: nobody has chosen a language yet'

export const NumberTexts = strict(
  {
    greeting: Type.Optional(
      words(
        greetingTextMax,
        heardByAll,
        {},
        'In place of the greeting, which says that the call is recorded: it has to say so as well',
        'GreetingText',
      ),
    ),
    closed: Type.Optional(
      words(
        closedTextMax,
        heardByAll,
        {},
        'In place of the sentence that it is closed; the time of the next opening follows',
        'ClosedText',
      ),
    ),
  },
  'What its callers hear, read out as it is written',
  'NumberTexts',
)

export const closingGraceBounds: Bounds = [0, 120]

/** Other forms of one number. */
export const alsoMax = 10

export const NumberSetting = strict(
  {
    number: text(20, 'Digits, as citizens dial it'),
    also: Type.Array(text(20, 'Digits'), {
      maxItems: alsoMax,
      description: 'Other forms in which the provider sends it',
    }),
    name,
    queue: text(40, 'The queue that it leads to; with a menu, that of callers who press no key'),
    menu: Type.Optional(text(40, 'The menu that its callers hear first')),
    hours: Type.Optional(text(40, 'Its opening hours; without them those of the setting `LINE_HOURS`')),
    // Documents from before messages have none.
    closed: Type.Optional(WhenClosed),
    answer: Type.Optional(AnswerAt),
    // Absent: the setting `CLOSING_GRACE_MS`.
    closingGraceMinutes: Type.Optional(
      whole(
        closingGraceBounds,
        'How long its callers who wait at closing time are still served; 0: not at all',
      ),
    ),
    // Absent: its callers hear the fixed prompts.
    says: Type.Optional(NumberTexts),
  },
  'A number of the city',
  'NumberSetting',
)

export const codesMax = 300

/** Its tree: `codes.ts`. */
export const WrapUpCodeSetting = strict(
  {
    id,
    name: text(60, 'As agents choose it'),
    nameEn: Type.Optional(text(60, 'On English screens; without it the Romanian name serves them too')),
    under: Type.Optional(text(40, 'The code that it is a part of; at most three levels')),
    // Absent: of every queue.
    queues: Type.Optional(
      Type.Array(text(40, 'A queue'), {
        minItems: 1,
        maxItems: 100,
        description: 'For calls of these queues alone; it narrows what the code above it is for',
      }),
    ),
  },
  'What a call was about, as its agent chooses it in the wrap-up',
  'WrapUpCodeSetting',
)

export const pausesMax = 20
export const expectedMinutesBounds: Bounds = [1, 240]

export const PauseSetting = strict(
  {
    id: text(40, 'a–z, 0–9 and dash, a letter first; agents’ states and reports keep it'),
    name: text(40, 'As agents choose it, behind “Pauză:”'),
    nameEn: Type.Optional(text(40, 'On English screens; without it the Romanian name serves them too')),
    // Absent: no pause of it is marked.
    expectedMinutes: Type.Optional(whole(expectedMinutesBounds, 'The board marks a pause that lasts longer')),
  },
  'A reason from which agents choose when they pause',
  'PauseSetting',
)

export const calledNumbersMax = 100
export const outboundBounds = {
  perHour: [0, 10_000],
  perHourAll: [0, 100_000],
} as const satisfies Record<string, Bounds>

const calledNumbers = (description: string) =>
  Type.Array(text(20, 'The beginning of numbers, as `+40256`, or a whole short number of 3–6 digits'), {
    maxItems: calledNumbersMax,
    description,
  })
const callOutRight = (whose: string) =>
  Type.Union([Type.Literal('any'), Type.Literal('returns'), Type.Literal('none')], {
    description: `What ${whose} may call: \`any\`, \`returns\` (only the number of an earlier call or of a request) or \`none\``,
  })

/** Its rules: `outbound.ts`. */
export const OutboundSetting = strict(
  {
    allowed: calledNumbers(
      'Premium numbers, 112 and the city’s own are never called, and abroad only what the settings of the server allow as well',
    ),
    allowedToSupervisors: Type.Optional(
      calledNumbers('Further ones, for agents who are supervisors as well'),
    ),
    agents: callOutRight('agents'),
    supervisors: callOutRight('agents who are supervisors as well'),
    perHour: whole(outboundBounds.perHour, 'Citizens whom one agent dials within an hour; 0: none'),
    perHourAll: whole(
      outboundBounds.perHourAll,
      'Typed numbers that all agents together dial within an hour; 0: none',
    ),
  },
  'The numbers that agents call, and how often',
  'OutboundSetting',
)

export const Configuration = strict(
  {
    numbers: list(NumberSetting, 50),
    queues: list(QueueSetting, 100),
    hours: list(HoursSetting, 50),
    // Documents from before menus have none.
    menus: Type.Optional(list(MenuSetting, 50)),
    // Absent: agents choose none.
    codes: Type.Optional(list(WrapUpCodeSetting, codesMax)),
    // Absent or empty: those of `usualPauses`.
    pauses: Type.Optional(list(PauseSetting, pausesMax)),
    // Absent: as the settings `OUTBOUND_…` say.
    outbound: Type.Optional(OutboundSetting),
  },
  'The configuration of the line',
  'Configuration',
)

export type AnnouncementSetting = Static<typeof AnnouncementSetting>
export type CallbackSetting = Static<typeof CallbackSetting>
export type OverflowSetting = Static<typeof OverflowSetting>
export type SurveySetting = Static<typeof SurveySetting>
export type TargetSetting = Static<typeof TargetSetting>
export type QueueSetting = Static<typeof QueueSetting>
export type DatedHours = Static<typeof DatedHours>
export type HoursSetting = Static<typeof HoursSetting>
export type KeyTarget = Static<typeof KeyTarget>
export type MenuSetting = Static<typeof MenuSetting>
export type WhenClosed = Static<typeof WhenClosed>
export type AnswerAt = Static<typeof AnswerAt>
export type NumberSetting = Static<typeof NumberSetting>
export type WrapUpCodeSetting = Static<typeof WrapUpCodeSetting>
export type PauseSetting = Static<typeof PauseSetting>
export type OutboundSetting = Static<typeof OutboundSetting>
export type Configuration = Static<typeof Configuration>
