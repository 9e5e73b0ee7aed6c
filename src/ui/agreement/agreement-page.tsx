import { useTranslation } from 'react-i18next'
import { Notice } from '../shared/components/notice.tsx'
import { problemText } from '../shared/server/problem-text.ts'
import { clock, longDate } from '../shared/time/time.ts'
import { useTitle } from '../shared/use-title.ts'
import { useAgreement } from './agreement-query.ts'
import { AgreementText } from './agreement-text.tsx'
import { SignForm } from './sign-form.tsx'
import styles from './agreement.module.css'

/** Shows the agreement that the person has signed, or lets them sign it without opening city data. */
export function AgreementPage() {
  const { t, i18n } = useTranslation()
  const { data: agreement, error, refetch } = useAgreement()
  useTitle(`${t('agreement.title')} · ${t('common.product')}`)
  if (agreement === undefined)
    return error === null ? null : <Notice text={problemText(error, t)} again={() => void refetch()} />
  const { signedAt } = agreement
  return (
    <div className={styles['page']}>
      <h1 className="spoken-only">{t('agreement.title')}</h1>
      {signedAt === null ? (
        <SignForm agreement={agreement} />
      ) : (
        <section className={styles['sign']} aria-labelledby="agreement-title" data-agreement="signed">
          <header className={styles['head']}>
            <h2 id="agreement-title">{t('agreement.title')}</h2>
            <p>
              {t('agreement.signed', {
                date: longDate(signedAt, i18n.language),
                time: clock(signedAt, i18n.language),
                version: agreement.version,
              })}
            </p>
          </header>
          <AgreementText text={agreement.text} />
        </section>
      )}
    </div>
  )
}
