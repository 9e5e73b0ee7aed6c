import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../shared/server/api.ts'
import { problemText } from '../shared/server/problem-text.ts'
import styles from './my-account.module.css'

interface SessionsSectionProps {
  readonly open: number
  readonly ended: () => void
}

export function SessionsSection({ open, ended }: SessionsSectionProps) {
  const { t } = useTranslation()
  const [result, setResult] = useState('')
  const [problem, setProblem] = useState('')

  async function end(): Promise<void> {
    setResult('')
    setProblem('')
    try {
      await api('DELETE', '/me/sessions')
      setResult(t('myAccount.sessions.ended'))
      ended()
    } catch (refused) {
      setProblem(problemText(refused, t))
    }
  }

  return (
    <section className={styles['section']} aria-labelledby="sessions" data-section="sessions">
      <h2 id="sessions">{t('myAccount.sessions.title')}</h2>
      <p className={styles['quiet']}>{t('myAccount.sessions.open', { count: open })}</p>
      <output>{result}</output>
      <p className={styles['problem']} role="alert">
        {problem}
      </p>
      <Button variant="default" onClick={() => void end()}>
        {t('myAccount.sessions.end')}
      </Button>
    </section>
  )
}
