/**
 * Two questions to a caller whose conversation is over, answered by one key each. Their words are the same in every queue, so that the
 * answers can be compared.
 */
import {
  lineLanguageOf,
  soundOf,
  type Language,
  type LineLanguage,
  type MenuKey,
  type SpokenText,
} from '../configuration/menu.ts'
import type { SurveySetting } from '../configuration/schema.ts'
import type { Millis } from '../ids.ts'

/** The caller's answers so far; null: none, or not yet. */
export interface Survey {
  /** The conversation was over then. */
  readonly askedAt: Millis
  /** Whether the caller has received the help that they needed. */
  readonly helped: boolean | null
  /** Of the conversation. */
  readonly rating: Rating | null
}

/** From very poor to very good. */
export const ratings = [1, 2, 3, 4, 5] as const
export type Rating = (typeof ratings)[number]

/** In the order in which they are heard. */
export const surveyParts = ['helped', 'rating', 'thanks'] as const
export type SurveyPart = (typeof surveyParts)[number]

/** The answers with that of a key; null: the key means nothing here. */
export function answerOf(part: SurveyPart, key: MenuKey, survey: Survey): Survey | null {
  switch (part) {
    case 'helped':
      return key === '1' || key === '2' ? { ...survey, helped: key === '1' } : null
    case 'rating': {
      const rating = ratings.find((one) => String(one) === key)
      return rating === undefined ? null : { ...survey, rating }
    }
    case 'thanks':
      return null
  }
}

/** Whether the conversation was long enough to be asked about; `since`: when it began. */
export const isWorthAsking = (since: Millis, { talkedSeconds }: SurveySetting, now: Millis): boolean =>
  now - since >= talkedSeconds * 1_000

const words = {
  ro: {
    helped:
      'Vă rugăm să răspundeți la două întrebări scurte. Ați primit ajutorul de care aveați nevoie? Pentru da apăsați tasta unu, pentru nu apăsați tasta doi.',
    rating: 'Ce notă dați convorbirii? Apăsați o tastă de la unu, foarte slab, până la cinci, foarte bine.',
    thanks: 'Vă mulțumim. La revedere.',
  },
  en: {
    helped:
      'Please answer two short questions. Did you receive the help that you needed? For yes press one, for no press two.',
    rating: 'How do you rate the conversation? Press a key from one, very poor, to five, very good.',
    thanks: 'Thank you. Goodbye.',
  },
} as const satisfies Record<LineLanguage, Record<SurveyPart, string>>

/** `language`: of the caller. */
export function surveySound(language: Language, part: SurveyPart): string {
  const spoken = lineLanguageOf(language)
  return soundOf(spoken, words[spoken][part], 'survey')
}

/** Everything that is said in a language. */
export const surveyTexts = (language: LineLanguage): readonly SpokenText[] =>
  surveyParts.map((part) => ({ sound: surveySound(language, part), language, text: words[language][part] }))
