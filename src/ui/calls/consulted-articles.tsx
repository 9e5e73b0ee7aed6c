import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useConsultedArticles } from '../knowledge/use-articles.ts'
import { clock } from '../shared/time/time.ts'
import styles from './calls.module.css'

/** The articles opened during this call; each link leads to the version of that day. */
export function ConsultedArticles({ call }: { readonly call: string }) {
  const { t, i18n } = useTranslation()
  const { data: papers = [] } = useConsultedArticles(call)
  if (papers.length === 0) return null
  return (
    <section aria-labelledby="papers">
      <h2 id="papers">{t('calls.page.papers')}</h2>
      <ul className={styles['papers']}>
        {papers.map(({ at, id, version, title }) => (
          <li key={`${id}@${version}`}>
            <time dateTime={at}>{clock(at, i18n.language)}</time>{' '}
            <Link href={`/papers/${encodeURIComponent(id)}?version=${version}`}>{title}</Link>{' '}
            <span className={styles['quiet']}>{t('calls.page.paperVersion', { version })}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
