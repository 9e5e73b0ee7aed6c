import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { RequestItem } from '../../http/requests/wire.ts'
import { useLive } from '../live/use-live.ts'
import { Icon } from '../shared/components/icon.tsx'
import { useNow } from '../shared/time/now.ts'
import { today } from '../shared/time/time.ts'
import { deadlineOf, type Deadline } from './deadline.ts'
import styles from './requests.module.css'

/** The term of an open request as colour, icon and words; the state of a closed one. */
export function DeadlineChip({
  item,
}: {
  readonly item: Pick<RequestItem, 'state' | 'dueness' | 'announcedOn'>
}) {
  const { t } = useTranslation()
  const skewMs = useLive((live) => live.skewMs)
  const deadline = deadlineOf(item, today(useNow() + skewMs))
  const urgency = urgencyOf(deadline)
  return (
    <span className={styles['deadline']} data-deadline={urgency}>
      {deadline.is !== 'closed' && <Icon name={urgency === 'expired' ? 'warning' : 'clock'} size={14} />}
      {deadline.is === 'closed' ? t(`requests.states.${item.state}`) : words(deadline, t)}
    </span>
  )
}

function urgencyOf(deadline: Deadline): 'closed' | 'calm' | 'soon' | 'expired' {
  switch (deadline.is) {
    case 'closed':
      return 'closed'
    case 'left':
      return deadline.soon ? 'soon' : 'calm'
    case 'today':
      return 'soon'
    case 'expired':
      return 'expired'
  }
}

function words(deadline: Exclude<Deadline, { is: 'closed' }>, t: TFunction): string {
  switch (deadline.is) {
    case 'left':
      return t('requests.deadline.left', { count: deadline.days })
    case 'today':
      return t('requests.deadline.today')
    case 'expired':
      return t(deadline.legal ? 'requests.deadline.expiredLegal' : 'requests.deadline.expired')
  }
}
