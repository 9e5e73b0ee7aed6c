import { useTranslation } from 'react-i18next'
import { OpenVoicemails } from '../../calls/voicemails/open-voicemails.tsx'
import { duration } from '../../shared/time/time.ts'
import { useOwnDay } from '../../calls/use-calls.ts'
import { Unanswered } from './unanswered.tsx'
import styles from './call-zone.module.css'

/** The agent's own day in three figures, of each call their own part, and the calls that were not taken. */
export function ShiftTotals() {
  const { t } = useTranslation()
  const { data } = useOwnDay()
  const { answered, talkMs } = data ?? { answered: 0, talkMs: 0 }
  return (
    <div className={styles['shift']}>
      <dl className={styles['totals']} aria-label={t('desk.shift')}>
        <div>
          <dt>{t('desk.shiftCalls')}</dt>
          <dd>{answered}</dd>
        </div>
        <div>
          <dt>{t('desk.shiftTalk')}</dt>
          <dd data-own-talk>{duration(talkMs)}</dd>
        </div>
        <div>
          <dt>{t('desk.shiftMean')}</dt>
          <dd>{answered === 0 ? t('common.none') : duration(talkMs / answered)}</dd>
        </div>
      </dl>
      <Unanswered />
      <OpenVoicemails />
    </div>
  )
}
