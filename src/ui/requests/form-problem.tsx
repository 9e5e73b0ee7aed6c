import { useTranslation } from 'react-i18next'
import { wrongFieldsOf } from '../shared/field-problems.ts'
import { problemText } from '../shared/server/problem-text.ts'
import styles from './requests.module.css'

interface FormProblemProps {
  readonly error: unknown
  /** How many fields of the form still show their own error; absent if they show none. */
  readonly left?: number
}

/** Why a form could not be registered: the server's error, or how many fields are still to be mended. */
export function FormProblem({ error, left }: FormProblemProps) {
  const { t } = useTranslation()
  const wrong = wrongFieldsOf(error)
  function text(): string {
    if (left !== undefined && left > 0) return t('requests.marked', { count: left })
    if (error === null) return ''
    if (wrong.length === 0) return problemText(error, t)
    return left === 0 ? '' : t('requests.missing', { what: wrong.map(({ accepted }) => accepted).join('; ') })
  }
  return (
    <p className={styles['problem']} role="alert">
      {text()}
    </p>
  )
}
