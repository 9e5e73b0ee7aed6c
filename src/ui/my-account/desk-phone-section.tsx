import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DeskPhone } from '../../http/my-account/wire.ts'
import { api } from '../shared/server/api.ts'
import { problemText } from '../shared/server/problem-text.ts'
import styles from './my-account.module.css'

/** Shown on request only: somebody may stand behind the person. */
export function DeskPhoneSection() {
  const { t } = useTranslation()
  const [phone, setPhone] = useState<DeskPhone | null>(null)
  const [problem, setProblem] = useState('')

  async function show(): Promise<void> {
    setProblem('')
    try {
      setPhone(await api<DeskPhone>('GET', '/me/phone/desk'))
    } catch (refused) {
      setProblem(problemText(refused, t))
    }
  }

  return (
    <section className={styles['section']} aria-labelledby="phone" data-section="phone">
      <h2 id="phone">{t('myAccount.phone.title')}</h2>
      <p className={styles['quiet']}>{t('myAccount.phone.lead')}</p>
      <p className={styles['problem']} role="alert">
        {problem}
      </p>
      {phone === null ? (
        <Button variant="default" onClick={() => void show()}>
          {t('myAccount.phone.show')}
        </Button>
      ) : (
        <dl className={styles['secret']}>
          <dt>{t('myAccount.phone.user')}</dt>
          <dd>{phone.username}</dd>
          <dt>{t('myAccount.phone.password')}</dt>
          <dd>{phone.password}</dd>
        </dl>
      )}
    </section>
  )
}
