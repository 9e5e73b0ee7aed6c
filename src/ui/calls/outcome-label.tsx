import { useTranslation } from 'react-i18next'
import styles from './calls.module.css'

const known = ['answered', 'abandoned', 'closed', 'voicemail', 'callback', 'rejected', 'failed'] as const

/** How a call ended. Only a breach has a colour; the word is always there. */
export function OutcomeWord({ outcome }: { readonly outcome: string | null }) {
  const { t } = useTranslation()
  const name = known.find((word) => word === outcome)
  const breach = name === 'abandoned' || name === 'failed'
  return (
    <span className={breach ? styles['breach'] : undefined}>
      {outcome === null
        ? t('common.outcome.in progress')
        : name === undefined
          ? outcome
          : t(`common.outcome.${name}`)}
    </span>
  )
}
