import { useTranslation } from 'react-i18next'
import { concerning } from '../../knowledge/concerning.ts'
import { useNotices } from '../../knowledge/use-notices.ts'
import halves from '../work/halves.module.css'
import styles from './caller-zone.module.css'

/** Today's notices for calls of this queue, in full: what is new today answers many of them. */
export function HomeNotices({ queue }: { readonly queue: string }) {
  const { t } = useTranslation()
  const { data = [] } = useNotices()
  const notices = concerning(data, { queue })
  if (notices.length === 0) return null
  return (
    <section aria-labelledby="home-notices">
      <h3 className={halves['heading']} id="home-notices">
        {t('papers.notices.title')}
      </h3>
      <ul className={styles['notices']}>
        {notices.map(({ id, text }) => (
          <li key={id} data-home-notice={id}>
            {text}
          </li>
        ))}
      </ul>
    </section>
  )
}
