import { useTranslation } from 'react-i18next'
import type { Detail } from './use-calls.ts'
import styles from './calls.module.css'

/** A version of the wrap-up form as text; fields left empty are shown as unstated. */
export function WrapUpSummary({ wrapUp }: { readonly wrapUp: Detail['wrapUp'] }) {
  const { t } = useTranslation()
  if (wrapUp === null) return <p className={styles['quiet']}>{t('calls.page.noWrapUp')}</p>
  const { subject, code, motivated, reason, resolution } = wrapUp
  const unstated = t('calls.page.unstated')
  const motive =
    motivated === 'unstated'
      ? unstated
      : `${t(`desk.wrapUp.${motivated}`)}${reason === null ? '' : ` (${t(`desk.wrapUp.reasons.${reason}`).toLowerCase()})`}`
  return (
    <dl className={styles['facts']}>
      {code !== null && (
        <>
          <dt>{t('desk.wrapUp.code')}</dt>
          <dd>{code.name}</dd>
        </>
      )}
      <dt>{t('desk.wrapUp.subject')}</dt>
      <dd>{subject === '' ? unstated : subject}</dd>
      <dt>{t('desk.wrapUp.motivated')}</dt>
      <dd>{motive}</dd>
      <dt>{t('desk.wrapUp.resolution')}</dt>
      <dd>{resolution === 'unstated' ? unstated : t(`desk.wrapUp.resolutions.${resolution}`)}</dd>
    </dl>
  )
}
