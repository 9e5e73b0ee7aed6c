import { languages, soundKinds, type Language } from '../configuration/menu.ts'
import type { QueueId } from '../ids.ts'

/**
 * The prompts that a person may speak: whole sentences. The pieces of dates and times are put together in one call from many files,
 * so they have one voice, which the machine makes.
 */
export const recordablePrompts = [
  'greeting',
  'recording-notice',
  'closed',
  'leave-message',
  'callback-question',
  'goodbye',
  'line-full',
  'waited-too-long',
  'callback-promised',
  'callback-when-open',
  'called',
  'fallback-hold',
  'technical-fault',
] as const
export type RecordablePrompt = (typeof recordablePrompts)[number]

/** The waiting music of the line. */
export const lineMusic = 'music'

/** Of a fixed prompt, of a text's sound (`soundOf`), or of music: the name in the register. */
export type PromptName = string

const queueMusic = `${lineMusic}-`

/** A queue's own, in place of the line's. */
export const musicOf = (queue: QueueId): PromptName => `${queueMusic}${queue}`

export const isQueueMusic = (name: PromptName): boolean => name.startsWith(queueMusic)

export const isMusic = (name: PromptName): boolean => name === lineMusic || isQueueMusic(name)

export const isFixedPrompt = (name: PromptName): name is RecordablePrompt =>
  recordablePrompts.some((prompt) => prompt === name)

/** In which it is spoken. */
export function languageOf(name: PromptName): Language {
  const [, , code] = new RegExp(`^${textSound}$`).exec(name) ?? []
  return languages.find((language) => language === code) ?? 'ro'
}

/** The name of a text's sound (`soundOf`); its second group is the language. */
const textSound = `(${soundKinds.join('|')})-(${languages.join('|')})-[0-9a-f]{16}`

/** Of every `PromptName`. */
export const promptNamePattern = `^(${recordablePrompts.join('|')}|${lineMusic}|${queueMusic}[a-z][a-z0-9-]{0,39}|${textSound})$`

/**
 * Seconds that a recording of each may last. Those that are heard one after the other, with the time of the opening between them, end
 * well within the bound of one playback (`bounds.promptMs`); `called`, within what a citizen's answer may take beyond the ringing
 * (`bounds.dialMarginMs`).
 */
export const promptSecondsOf: Readonly<Record<RecordablePrompt, number>> = {
  greeting: 40,
  'recording-notice': 10,
  closed: 20,
  'leave-message': 20,
  'callback-question': 20,
  goodbye: 10,
  'line-full': 30,
  'waited-too-long': 30,
  'callback-promised': 20,
  'callback-when-open': 20,
  called: 12,
  'fallback-hold': 30,
  'technical-fault': 30,
}
