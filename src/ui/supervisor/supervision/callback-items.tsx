/** A supervisor promises a waiting caller to be called back, or cancels it. */
import { Menu } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { callbackReasons } from '../../../http/supervision/wire.ts'
import { problemText } from '../../shared/server/problem-text.ts'
import { cancelCallback, promiseCallback } from './orders.ts'
import styles from './supervision.module.css'

/** `report` gets one sentence for the result. */
export function usePromiseCallback(report: (text: string) => void) {
  const { t } = useTranslation()
  return async (call: string): Promise<void> => {
    try {
      await promiseCallback(call)
      report(t('supervision.callbackDone'))
    } catch (error) {
      report(problemText(error, t))
    }
  }
}

interface CancelQuestionProps {
  readonly call: string
  readonly report: (text: string) => void
}

/** In the menu's place: asks why. */
export function CancelQuestion({ call, report }: CancelQuestionProps) {
  const { t } = useTranslation()
  const no = useRef<HTMLButtonElement>(null)
  useEffect(() => no.current?.focus(), [])
  const cancel = async (reason: (typeof callbackReasons)[number]): Promise<void> => {
    try {
      await cancelCallback(call, reason)
      report(t('supervision.callbackCancelled'))
    } catch (error) {
      report(problemText(error, t))
    }
  }
  return (
    <>
      <Menu.Label className={styles['question']}>{t('supervision.cancelWhy')}</Menu.Label>
      <Menu.Item
        ref={no}
        data-autofocus
        aria-description={t('supervision.cancelWhy')}
        data-action="leave-call"
      >
        {t('common.leave')}
      </Menu.Item>
      {callbackReasons.map((reason) => (
        <Menu.Item key={reason} data-cancel-reason={reason} onClick={() => void cancel(reason)}>
          {t(`supervision.cancelReason.${reason}`)}
        </Menu.Item>
      ))}
    </>
  )
}
