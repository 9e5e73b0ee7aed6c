/** The reasons for pauses and their names, in the language of the screen. */
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { reservedPauseReasons } from '../../core/agent.ts'
import type { PauseView } from '../../http/live/wire.ts'
import { useLive } from '../live/use-live.ts'

/** Of an id that nobody knows, the id. */
export function pauseName(
  reason: string,
  pauses: readonly PauseView[],
  t: TFunction,
  language: string,
): string {
  const reserved = reservedPauseReasons.find((one) => one === reason)
  if (reserved !== undefined) return t(`common.reason.${reserved}`)
  const known = pauses.find(({ id }) => id === reason)
  return (language === 'ro' ? null : known?.nameEn) ?? known?.name ?? reason
}

export function usePauseName(): (reason: string) => string {
  const { t, i18n } = useTranslation()
  const pauses = useLive((state) => state.pauses)
  return (reason) => pauseName(reason, pauses, t, i18n.language)
}

/** Those that the server accepts now; a change of the configuration brings a new snapshot. */
export function useOfferedPauses(): readonly PauseView[] {
  return useLive((state) => state.pauses).filter(({ offered }) => offered)
}

/** Null: a pause of this reason may last as long as it likes. */
export function useExpectedMinutes(reason: string | null): number | null {
  return useLive((state) => state.pauses.find(({ id }) => id === reason)?.expectedMinutes ?? null)
}
