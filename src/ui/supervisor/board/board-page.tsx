import { useTranslation } from 'react-i18next'
import { useTitle } from '../../shared/use-title.ts'
import { FigureStrip } from './figure-strip.tsx'
import { IdentityLine } from '../identity/identity-line.tsx'
import { TodayTable } from './today-table.tsx'
import { Updated } from './updated.tsx'
import { WaitingTable } from './waiting-table.tsx'
import { WorkingTable } from './working-table.tsx'
import styles from './board.module.css'

/** The board: the waiting calls, the working agents, and the figures of the day. */
export function BoardPage() {
  const { t } = useTranslation()
  useTitle(`${t('board.title')} · ${t('common.product')}`)
  return (
    <div className={styles['board']}>
      <h1 className="spoken-only">{t('board.title')}</h1>
      <div className={styles['strip']}>
        <FigureStrip />
        <IdentityLine />
        <Updated />
      </div>
      <div className={styles['tables']}>
        <WaitingTable />
        <WorkingTable />
        <TodayTable />
      </div>
    </div>
  )
}
