import { useTranslation } from 'react-i18next'
import { useTitle } from '../../shared/use-title.ts'
import { EmergencyLine } from '../emergency/emergency-line.tsx'
import { FigureStrip } from './figure-strip.tsx'
import { IdentityLine } from '../identity/identity-line.tsx'
import { LineNow } from '../line-now/line-now.tsx'
import { LateVoicemails } from '../voicemails/late-voicemails.tsx'
import { ExternalTable } from './external-table.tsx'
import { QueueChoice } from './queue/queue-choice.tsx'
import { TodayTable } from './today/today-table.tsx'
import { Updated } from './updated.tsx'
import { WaitingTable } from './waiting-table.tsx'
import { WorkingTable } from './working-table.tsx'
import styles from './board.module.css'

/** The board: the waiting calls, those who talk outside, the working agents, and the figures of the day. */
export function BoardPage() {
  const { t } = useTranslation()
  useTitle(`${t('board.title')} · ${t('common.product')}`)
  return (
    <div className={styles['board']}>
      <h1 className="spoken-only">{t('board.title')}</h1>
      <EmergencyLine />
      <LineNow />
      <div className={styles['strip']}>
        <QueueChoice />
        <FigureStrip />
        <IdentityLine />
        <LateVoicemails />
        <Updated />
      </div>
      <div className={styles['tables']}>
        <div className={styles['callers']}>
          <WaitingTable />
          <ExternalTable />
        </div>
        <WorkingTable />
        <TodayTable />
      </div>
    </div>
  )
}
