import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useLive } from '../../live/use-live.ts'
import { spokenNumber } from '../../shared/phone-number.ts'
import { inCall } from '../desk-actions.ts'
import { onCall } from '../desk-commands.ts'
import type { DeskState } from '../desk-state.ts'
import { CallBack } from './call-back.tsx'
import { whyUnreached } from './unreached-text.ts'
import styles from '../call/call-zone.module.css'

/**
 * Why the citizen whom the agent has just called was not reached, and the end of the short wrap-up after it; no reason
 * where the agent gave up.
 */
export function Unreached({ state }: { readonly state: DeskState }) {
  const { t } = useTranslation()
  const ended = useLive((live) => live.ended)
  const why = whyUnreached(ended)
  const rests = state.name === 'wrap-up' && state.callId === null
  if (inCall(state) || (why === null && !rests)) return null
  const number = spokenNumber(ended?.call.caller ?? '')
  return (
    <p className={`${styles['problem']} ${styles['unreached']}`} data-unreached={why ?? 'cancelled'}>
      {why !== null && ended !== null && (
        <>
          <span>{t(`desk.outbound.ended.${why}`, { number })}</span>
          <CallBack whom={{ call: ended.call.id }} label="again" />
        </>
      )}
      {rests && (
        <Button
          size="compact-sm"
          variant="default"
          data-action="end-wrap-up"
          onClick={() => void onCall({ action: 'end-wrap-up' })}
        >
          {t('desk.outbound.next')}
        </Button>
      )}
    </p>
  )
}
