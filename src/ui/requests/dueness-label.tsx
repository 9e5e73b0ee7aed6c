import { useTranslation } from 'react-i18next'
import type { RequestItem } from '../../http/requests/wire.ts'
import { Icon } from '../shared/components/icon.tsx'
import styles from './requests.module.css'

/** The state as a label; late requests also have an icon, so that the meaning does not depend on colour. */
export function DuenessLabel({ item }: { readonly item: Pick<RequestItem, 'state' | 'dueness'> }) {
  const { t } = useTranslation()
  const late = item.dueness === 'due' || item.dueness === 'overdue'
  return (
    <span className={styles['state']} data-late={late}>
      {late && <Icon name="warning" size={14} />}
      {late ? t(`requests.dueness.${item.dueness}`) : t(`requests.states.${item.state}`)}
    </span>
  )
}
