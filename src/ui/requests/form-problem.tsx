import { useTranslation } from 'react-i18next'
import { Problem } from '../shared/server/api.ts'
import { problemText } from '../shared/server/problem-text.ts'
import styles from './requests.module.css'

/** Why a form could not be registered: the missing fields, or the server's error. */
export function FormProblem({ error }: { readonly error: unknown }) {
  const { t } = useTranslation()
  if (error === null) return <p className={styles['problem']} role="alert" />
  const missing = error instanceof Problem ? error.errors : []
  return (
    <p className={styles['problem']} role="alert">
      {missing.length === 0
        ? problemText(error, t)
        : t('requests.missing', { what: missing.map(({ accepted }) => accepted).join('; ') })}
    </p>
  )
}
