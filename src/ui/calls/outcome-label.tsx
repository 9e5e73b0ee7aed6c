import { useTranslation } from 'react-i18next'
import { callOutcomes } from '../../core/call.ts'
import styles from './calls.module.css'

/** The outcome of a call. Only a breach of the targets has a colour, and never without the word. */
export function OutcomeLabel({ outcome }: { readonly outcome: string | null }) {
  const { t } = useTranslation()
  const name = callOutcomes.find((word) => word === outcome)
  const breach = name === 'abandoned' || name === 'failed'
  return (
    <span className={breach ? styles['breach'] : undefined}>
      {outcome === null
        ? t('common.outcome.in progress')
        : name === undefined
          ? t('common.outcome.other')
          : t(`common.outcome.${name}`)}
    </span>
  )
}
