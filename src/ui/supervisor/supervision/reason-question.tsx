import { Menu } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { stateReasons, type StateReason } from '../../../http/supervision/wire.ts'
import styles from './supervision.module.css'

interface ReasonQuestionProps {
  /** The consequence; empty: it is plain. */
  readonly title: string
  /** `data-action` of the answers: `confirm-…`. */
  readonly action: string
  readonly onReason: (reason: StateReason) => void
}

/** In the menu's place, so that neither the pointer nor the focus has to go elsewhere; a reason is the consent. */
export function ReasonQuestion({ title, action, onReason }: ReasonQuestionProps) {
  const { t } = useTranslation()
  const first = useRef<HTMLButtonElement>(null)
  useEffect(() => first.current?.focus(), [])
  const question = t('supervision.reasonAsked')
  return (
    <>
      <Menu.Label className={styles['question']}>
        {title} {question}
      </Menu.Label>
      {stateReasons.map((reason, index) => (
        <Menu.Item
          key={reason}
          {...(index === 0
            ? { ref: first, 'data-autofocus': true, 'aria-description': `${title} ${question}`.trim() }
            : {})}
          data-action={`confirm-${action}`}
          data-reason={reason}
          onClick={() => onReason(reason)}
        >
          {t(`supervision.reason.${reason}`)}
        </Menu.Item>
      ))}
      <Menu.Item>{t('common.leave')}</Menu.Item>
    </>
  )
}
