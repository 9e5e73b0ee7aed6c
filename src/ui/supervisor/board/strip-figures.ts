import type { TFunction } from 'i18next'
import { duration, percent } from '../../shared/time/time.ts'
import type { Today } from '../../../http/live/wire.ts'
import { useLive } from '../../live/use-live.ts'
import { useNow } from '../../shared/time/now.ts'
import { serviceLevelTarget, stripOf, type Strip } from './figures.ts'

export interface Figure {
  readonly name: 'waiting' | 'longest' | 'free' | 'serviceLevel' | 'abandoned'
  readonly label: string
  readonly value: string
  /** Outside the city's targets: the only reason for a colour. */
  readonly breach: boolean
  readonly formula: string
}

/** The five figures as text, the same on the board and on the wall. */
export function stripFigures(
  strip: Strip,
  today: Today | null,
  t: TFunction,
  language: string,
): readonly Figure[] {
  const targetMs = today?.serviceLevelTargetMs ?? 20_000
  const values = {
    waiting: { value: String(strip.waiting), breach: false },
    longest: {
      value: strip.longestMs === null ? t('common.none') : duration(strip.longestMs),
      breach: strip.longestMs !== null && strip.longestMs > targetMs,
    },
    free: { value: String(strip.free), breach: strip.free === 0 && strip.waiting > 0 },
    serviceLevel: {
      value: percent(strip.serviceLevel, language),
      breach: strip.serviceLevel !== null && strip.serviceLevel < serviceLevelTarget,
    },
    abandoned: {
      value: strip.abandoned === null ? t('common.none') : String(strip.abandoned),
      breach: false,
    },
  } as const
  return (['waiting', 'longest', 'free', 'serviceLevel', 'abandoned'] as const).map((name) => ({
    name,
    label: t(`board.figures.${name}`),
    ...values[name],
    formula: t(`board.formula.${name}`, { target: targetMs / 1000 }),
  }))
}

export function useStrip(): Strip {
  const now = useNow()
  const calls = useLive((state) => state.calls)
  const agents = useLive((state) => state.agents)
  const today = useLive((state) => state.today)
  const skewMs = useLive((state) => state.skewMs)
  return stripOf(calls.values(), agents.values(), today, now + skewMs)
}
