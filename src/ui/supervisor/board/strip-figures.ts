import type { TFunction } from 'i18next'
import { colouredFrom, missesServiceLevel } from '../../../core/reports/figures.ts'
import { duration, percent } from '../../shared/time/time.ts'
import type { FiguresView, Today } from '../../../http/live/wire.ts'
import { useLive } from '../../live/use-live.ts'
import { useNow } from '../../shared/time/now.ts'
import { useQueuesNow, useShownAgents, useShownCalls, useShownToday } from './queue/shown.ts'
import {
  queueStrips,
  stripOf,
  thresholdRange,
  thresholdsIn,
  tonesOf,
  type Strip,
  type Tone,
} from './figures.ts'

export interface Figure {
  readonly name: 'waiting' | 'longest' | 'free' | 'serviceLevel' | 'abandoned'
  readonly label: string
  readonly value: string
  readonly tone: Tone
  /** The same figure of the whole day, with its own tone. */
  readonly day: { readonly value: string; readonly tone: Tone } | null
  readonly formula: string
}

/** The five figures as text, the same on the board and on the wall; the last two are of the last 30 minutes. */
export function stripFigures(
  strip: Strip,
  today: Today | null,
  t: TFunction,
  language: string,
): readonly Figure[] {
  const tones = tonesOf(strip)
  const now = (name: 'waiting' | 'longest' | 'free', value: string): Figure => ({
    name,
    label: t(`board.figures.${name}`),
    value,
    tone: tones[name],
    day: null,
    formula: t(`board.formula.${name}`),
  })
  const lately = (
    name: 'serviceLevel' | 'abandoned',
    text: (figures: FiguresView | undefined) => { value: string; tone: Tone },
  ): Figure => ({
    name,
    label: t(`board.figures.${name}`),
    ...text(today?.recent),
    day: text(today?.day),
    formula: formulaOf(name, today, today?.recent, t, language),
  })
  return [
    now('waiting', String(strip.waiting)),
    now('longest', strip.longestMs === null ? t('common.none') : duration(strip.longestMs)),
    now('free', String(strip.free)),
    lately('serviceLevel', (figures) => ({
      value: percent(figures?.serviceLevel ?? null, language),
      tone: figures !== undefined && missesServiceLevel(figures) ? 'breach' : 'none',
    })),
    lately('abandoned', (figures) => ({
      value: figures === undefined ? t('common.none') : String(figures.abandoned),
      tone: 'none',
    })),
  ]
}

/** Figures whose formula has T. */
const byQueue = ['serviceLevel', 'abandonment', 'answeredWithin'] as const

/** `withinMs`: T of the one queue that it is about. How a figure is computed; a percentage also with its numbers, and why it may have no colour. */
export function formulaOf(
  name:
    | 'offered'
    | 'answered'
    | 'answeredWithin'
    | 'serviceLevel'
    | 'abandoned'
    | 'shortAbandoned'
    | 'abandonment'
    | 'averageAnswer'
    | 'overflowed',
  today: Today | null,
  figures: FiguresView | undefined,
  t: TFunction,
  language: string,
  withinMs?: number,
): string {
  const range =
    withinMs === undefined ? thresholdRange(today) : { from: withinMs / 1_000, to: withinMs / 1_000 }
  const own = range.from === range.to ? undefined : byQueue.find((one) => one === name)
  const text = t(own === undefined ? `board.formula.${name}` : `board.formula.byQueue.${own}`, {
    target: own === undefined ? range.from : `${range.from}–${range.to}`,
    short: (today?.shortAbandonMs ?? 5_000) / 1000,
  })
  if ((name !== 'serviceLevel' && name !== 'abandonment') || figures === undefined || figures.counted === 0)
    return text
  const numbers = t(`board.numbers.${name}`, {
    within: figures.answeredWithin,
    answered: figures.answered,
    abandoned: figures.abandoned,
    waiting: figures.waitingBeyond,
    value: percent(figures[name], language),
  })
  const few = figures.counted < colouredFrom ? ` ${t('board.formula.few', { from: colouredFrom })}` : ''
  return `${text} ${numbers}${few}`
}

/** Of every queue, whichever is shown. */
export function useQueueStrips(): ReturnType<typeof queueStrips> {
  const now = useNow()
  const calls = useLive((state) => state.calls)
  const agents = useLive((state) => state.agents)
  const queues = useQueuesNow()
  const skewMs = useLive((state) => state.skewMs)
  return queueStrips(queues, calls.values(), agents, now + skewMs)
}

export function useStrip(): Strip {
  const now = useNow()
  const calls = useShownCalls()
  const agents = useShownAgents()
  const skewMs = useLive((state) => state.skewMs)
  const today = useShownToday()
  return stripOf(calls.values(), agents.values(), now + skewMs, thresholdsIn(today))
}
