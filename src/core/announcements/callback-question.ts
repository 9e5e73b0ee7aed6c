/**
 * A caller who has waited for long may choose by key to be called back. Two keys are needed, so that a stray digit, or the tone of
 * a fax, promises nothing: one after the question, another after the number has been read out that will be dialled.
 */
import type { Waiting } from '../call.ts'
import type { CallbackQuestion } from './announcement.ts'
import {
  lineLanguageOf,
  soundOf,
  type Language,
  type LineLanguage,
  type MenuKey,
  type SpokenText,
} from '../configuration/menu.ts'
import type { CallbackSetting } from '../configuration/schema.ts'
import type { Millis } from '../ids.ts'
import { dialledForm } from '../phone-number.ts'
import { waitStart } from '../reports/wait.ts'
import { bounds } from '../rules.ts'

const interestKey: MenuKey = '2'
const confirmationKey: MenuKey = '1'

type Awaits = CallbackQuestion['awaits'] | undefined

export const isInterest = (awaits: Awaits, key: MenuKey): boolean =>
  awaits === 'interest' && key === interestKey
export const isConfirmation = (awaits: Awaits, key: MenuKey): boolean =>
  awaits === 'confirmation' && key === confirmationKey

/** Whether it is time: not before an agent who is about to take the call, and not while the caller hears something else. */
export function isQuestionDue(call: Waiting, { afterSeconds }: CallbackSetting, now: Millis): boolean {
  const { announced, announcement, lineAnswered, question, reservedFor } = call
  // A network lets no keys through before it is told of an answer.
  if (announcement !== null || question !== null || reservedFor !== null || !lineAnswered) return false
  const again = announced.askedAt === null ? 0 : announced.askedAt + bounds.questionEveryMs
  return now >= Math.max(waitStart(call) + afterSeconds * 1_000, again)
}

const words = {
  ro: {
    question:
      'Dacă preferați să vă sunăm noi la acest număr, fără să vă pierdeți locul la rând, apăsați tasta doi.',
    number: 'Vă vom suna la numărul:',
    confirmation:
      'Pentru confirmare apăsați tasta unu. Pentru a aștepta în continuare apăsați orice altă tastă.',
    whileClosed: 'Pentru confirmare apăsați tasta unu. Altfel închideți, și nu vă vom suna.',
    digits: ['zero', 'unu', 'doi', 'trei', 'patru', 'cinci', 'șase', 'șapte', 'opt', 'nouă'],
  },
  en: {
    question:
      'If you prefer that we call you back at this number, without losing your place in the queue, press two.',
    number: 'We will call you at the number:',
    confirmation: 'To confirm press one. To go on waiting press any other key.',
    whileClosed: 'To confirm press one. Otherwise hang up, and we will not call you.',
    digits: ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'],
  },
} as const satisfies Record<LineLanguage, object>

/** How a number is confirmed: by a caller who waits, or by one of a closed number. */
export type Confirmation = 'confirmation' | 'whileClosed'

const soundIn = (language: LineLanguage, text: string): string => soundOf(language, text, 'waiting')

/** `language`: of the caller. */
export function questionSounds(language: Language): readonly string[] {
  const spoken = lineLanguageOf(language)
  return [soundIn(spoken, words[spoken].question)]
}

/** `language`: of the caller. `number`: as a call has it; read out digit by digit as it is dialled. */
export function readBackSounds(
  language: Language,
  number: string,
  by: Confirmation = 'confirmation',
): readonly string[] {
  const spoken = lineLanguageOf(language)
  const { number: before, [by]: confirmation, digits } = words[spoken]
  const read = Array.from(dialledForm(number), (digit) => String(digits[Number(digit)]))
  return [before, ...read, confirmation].map((text) => soundIn(spoken, text))
}

/** Everything that callers who wait are told in a language. */
export function questionTexts(language: LineLanguage): readonly SpokenText[] {
  const { question, number, confirmation, digits } = words[language]
  return textsIn(language, [question, number, confirmation, ...digits])
}

/** Everything that callers of a closed number are told beside the recorded prompts: they have chosen no language. */
export function closedQuestionTexts(): readonly SpokenText[] {
  const { number, whileClosed, digits } = words.ro
  return textsIn('ro', [number, whileClosed, ...digits])
}

const textsIn = (language: LineLanguage, texts: readonly string[]): readonly SpokenText[] =>
  texts.map((text) => ({ sound: soundIn(language, text), language, text }))
