import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Configuration } from '../../../../core/configuration/schema.ts'
import type { CheckedConfiguration } from '../../../../http/configuration/wire.ts'
import { api } from '../../../shared/server/api.ts'
import styles from '../configuration.module.css'

interface NeverOpenProps {
  readonly document: Configuration
  /** Faults are shown alone. */
  readonly isFaulty: boolean
}

/** Hours of a draft by which nothing opens soon, and which are not so in force. The server knows the holidays and the declared days. */
export function NeverOpen({ document, isFaulty }: NeverOpenProps) {
  const { t } = useTranslation()
  const { data } = useQuery({
    queryKey: ['configuration', 'check', document],
    queryFn: () => api<CheckedConfiguration>('POST', '/configuration/check', { document }),
    enabled: !isFaulty,
  })
  const never = isFaulty ? [] : (data?.hoursNeverOpen ?? [])
  if (never.length === 0) return null
  return (
    <ul className={styles['warned']} data-never-open={never.length}>
      {never.map((id) => (
        <li key={id}>
          {t('configuration.review.neverOpens', {
            name: document.hours.find((one) => one.id === id)?.name ?? id,
          })}
        </li>
      ))}
    </ul>
  )
}
