/**
 * The questions as they are read to the caller. A question names a kind of thing and never a particular one, so
 * that no question reveals the answer to another.
 */
import type { TFunction } from 'i18next'
import type { Question } from '../../../http/identity/wire.ts'

export interface QuestionText {
  readonly question: string
  /** The formats in which the answer may be typed. */
  readonly hint: string
}

export function questionText({ topic, kind, which, year }: Question, t: TFunction): QuestionText {
  const hint = t(`identity.hint.${topic}`)
  if (topic === 'payment-month' || topic === 'payment-band') {
    const question =
      year === null ? t(`identity.ask.${topic}.last`) : t(`identity.ask.${topic}.ofYear`, { year })
    return { question, hint }
  }
  if (topic === 'count') return { question: t(`identity.ask.count.${kind ?? 'other'}`), hint }
  const object = kind === null || which === null ? '' : t(`identity.object.${kind}.${which}`)
  return { question: t(`identity.ask.${topic}`, { object }), hint }
}
