import { Menu } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { LiveCallView } from '../../../http/live/wire.ts'
import { problemText } from '../../shared/server/problem-text.ts'
import { isConversation } from './my-call.ts'
import { endCall } from './orders.ts'
import styles from './supervision.module.css'

interface EndQuestionProps {
  readonly call: LiveCallView
  readonly report: (text: string) => void
}

/** In the menu's place: says what the end of the call means, and asks. */
export function EndQuestion({ call, report }: EndQuestionProps) {
  const { t } = useTranslation()
  const no = useRef<HTMLButtonElement>(null)
  useEffect(() => no.current?.focus(), [])
  const text =
    call.external !== null
      ? t('supervision.endExternal', { name: call.external.name })
      : isConversation(call) && call.agent !== null
        ? t('supervision.endTalking', { agent: call.agent.name })
        : t('supervision.endWaiting')
  const end = async (): Promise<void> => {
    try {
      await endCall(call.id)
      report(t('supervision.ended'))
    } catch (error) {
      report(problemText(error, t))
    }
  }
  return (
    <>
      <Menu.Label className={styles['question']}>{text}</Menu.Label>
      <Menu.Item ref={no} data-autofocus aria-description={text} data-action="leave-call">
        {t('common.leave')}
      </Menu.Item>
      <Menu.Item data-action="confirm-end" onClick={() => void end()}>
        {t('supervision.endConfirm')}
      </Menu.Item>
    </>
  )
}
