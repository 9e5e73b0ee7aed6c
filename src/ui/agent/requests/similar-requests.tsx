import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { RequestForm } from '../../../http/requests/wire.ts'
import { spokenDay, spokenRequest } from '../../requests/spoken.ts'
import { useCatalogue, useSimilar } from '../../requests/use-requests.ts'
import styles from '../../requests/requests.module.css'

interface SimilarRequestsProps {
  readonly form: RequestForm
  readonly call: string | null
  readonly joinTo: string | null
  readonly choose: (id: string | null) => void
}

/** Similar requests: the citizen gets a number of their own, and one answer covers both. */
export function SimilarRequests({ form, call, joinTo, choose }: SimilarRequestsProps) {
  const { t, i18n } = useTranslation()
  const { category, place } = form
  // Only complete street names: otherwise every letter typed would be an access on record.
  const whole = useCatalogue()?.streets.includes(place.street) === true ? place.street : ''
  const similar = useSimilar(category, whole, call)
  if (similar.length === 0) return null
  return (
    <section className={styles['similar']} aria-label={t('requests.similar')}>
      <p className={styles['similarTitle']}>{t('requests.similar')}</p>
      <ul>
        {similar.map((item) => (
          <li key={item.id}>
            <span>
              <strong>{item.place}</strong>, {spokenDay(item.registeredOn, i18n.language)},{' '}
              {spokenRequest(item.id)}
              {item.joined > 0 && ` · ${t('requests.joinedCount', { count: item.joined })}`}
            </span>
            <Button
              size="compact-sm"
              variant={joinTo === item.id ? 'filled' : 'default'}
              aria-pressed={joinTo === item.id}
              onClick={() => choose(joinTo === item.id ? null : item.id)}
              data-action="join"
            >
              {t('requests.join')}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}
