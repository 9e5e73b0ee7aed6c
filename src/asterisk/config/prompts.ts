/** The sound files of each prompt; their texts are in `asterisk-conf/prompts.ro.json`, and `prompts.en.json` for callers who have chosen English. */
import { readFile } from 'node:fs/promises'
import type { WordSounds } from '../../core/announcements/own-words.ts'
import type { Language } from '../../core/configuration/menu.ts'
import type { Prompt } from '../../core/effect.ts'
import type { Millis } from '../../core/ids.ts'
import { wallClockAt } from '../../core/local-time.ts'

/** By the sound's name; an English one ends in `-en`. */
export type PromptTexts = Readonly<Record<string, string>>

const english = '-en'
/** Of the sound of this name. */
export const languageOf = (name: string): Language => (name.endsWith(english) ? 'en' : 'ro')

export async function promptTexts(): Promise<PromptTexts> {
  const named = Object.entries(await textsIn('en')).map(([name, text]) => [name + english, text] as const)
  return { ...(await textsIn('ro')), ...Object.fromEntries(named) }
}

async function textsIn(language: Language): Promise<PromptTexts> {
  const file = new URL(`../../../asterisk-conf/prompts.${language}.json`, import.meta.url)
  return JSON.parse(await readFile(file, 'utf8')) as PromptTexts
}

const minuteStep = 5
const dayMs = 86_400_000

/** File names without their extension, in the order in which they are heard. */
export function soundsOf(prompt: Prompt, now: Millis): readonly string[] {
  switch (prompt.say) {
    case 'greeting':
      return prompt.words === undefined ? ['greeting'] : bothOf(prompt.words)
    case 'line full':
      return ['line-full']
    case 'menu':
      return [...(prompt.isWrongKey ? ['wrong-key'] : []), prompt.sound]
    case 'announcement':
      return prompt.sounds
    case 'waited too long':
      return inLanguage(prompt, ['waited-too-long'])
    case 'callback promised':
      return inLanguage(prompt, ['callback-promised', 'goodbye'])
    case 'callback promised when open':
      return ['callback-when-open', 'goodbye']
    case 'closed':
      return [...closedSounds(prompt, now), 'goodbye']
    case 'callback question':
      return [...closedSounds(prompt, now), 'callback-question']
    case 'voicemail':
      return [...closedSounds(prompt, now), 'leave-message']
    case 'leave a message':
      return [prompt.sound]
    case 'tone':
      return ['beep']
  }
}

const inLanguage = (
  { language }: { readonly language?: 'en' },
  names: readonly string[],
): readonly string[] => (language === undefined ? names : names.map((name) => name + english))

/** Nobody has chosen a language yet. */
const bothOf = ({ ro, en }: WordSounds): readonly string[] => (en === undefined ? [ro] : [ro, en])

/** The time is in Romanian, so that English words follow it. */
const closedSounds = (
  { opensAt, words }: { readonly opensAt: Millis | null; readonly words?: WordSounds },
  now: Millis,
): readonly string[] => [
  words?.ro ?? 'closed',
  ...(opensAt === null ? [] : soundsOfOpening(opensAt, now)),
  ...(words?.en === undefined ? [] : [words.en]),
]

/** The words of a prompt; a tone has none. `texts`: also those of the configuration, where it may have any. */
export const spoken = (prompt: Prompt, now: Millis, texts: PromptTexts): string =>
  soundsOf(prompt, now)
    .flatMap((name) => texts[name]?.trim() ?? [])
    .reduce((before, next) => {
      // The pieces of a time have no full stop.
      const isNewSentence = /\p{Ll}$/u.test(before) && /^\p{Lu}/u.test(next)
      return before === '' ? next : `${before}${isNewSentence ? '.' : ''} ${next}`
    }, '')

/** ARI's `media` list. */
export const mediaOf = (
  prompt: Prompt,
  now: Millis,
  { soundsDir, textsDir }: { readonly soundsDir: string; readonly textsDir: string },
): string =>
  soundsOf(prompt, now)
    .map((name) => {
      const isText = prompt.say === 'announcement' || ownSoundsIn(prompt).includes(name)
      return `sound:${isText ? textsDir : soundsDir}/${name}`
    })
    .join(',')

const ownSoundsIn = (prompt: Prompt): readonly string[] => {
  if ('sound' in prompt) return [prompt.sound]
  return 'words' in prompt ? bothOf(prompt.words) : []
}

/** "Vă așteptăm mâine, luni, 4 ianuarie, la ora opt". Within a week the date is left out. */
export function soundsOfOpening(opensAt: Millis, now: Millis): readonly string[] {
  // Rounded up: the announced time must not be before the opening.
  const at = local(Math.ceil(opensAt / (minuteStep * 60_000)) * minuteStep * 60_000)
  const today = local(now)
  const daysAhead = Math.round((at.midnight - today.midnight) / dayMs)
  const when = [...relativeDay(daysAhead), ...(daysAhead > 0 ? [`weekday-${at.weekday}`] : [])]
  const date = daysAhead > 6 ? [`day-${at.day}`, `month-${at.month}`] : []
  const minute = at.minute === 0 ? [] : [`minute-${at.minute}`]
  return ['opens', ...when, ...date, `hour-${at.hour}`, ...minute]
}

const relativeDay = (daysAhead: number): readonly string[] => {
  if (daysAhead === 0) return ['today']
  return daysAhead === 1 ? ['tomorrow'] : []
}

function local(at: Millis) {
  const { year, month, day, hour, minute } = wallClockAt(at)
  const midnight = Date.UTC(year, month - 1, day)
  return { midnight, month, day, weekday: new Date(midnight).getUTCDay(), hour, minute }
}
