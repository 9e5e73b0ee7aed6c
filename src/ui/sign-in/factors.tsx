import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { MyFactors } from '../../http/sign-in/wire.ts'
import { ConfirmButton } from '../shared/components/confirm-button.tsx'
import { Notice } from '../shared/components/notice.tsx'
import { api } from '../shared/server/api.ts'
import { meQuery, useMe } from '../shared/server/me.ts'
import { problemText } from '../shared/server/problem-text.ts'
import { signOut } from '../shell/sign-out.ts'
import { FactorTable } from './factor-table.tsx'
import { PasskeyForm } from './passkey-form.tsx'
import { RecoveryCodes } from './recovery-codes.tsx'
import { TotpForm } from './totp-form.tsx'
import styles from './factors.module.css'

export function Factors() {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const me = useMe()
  const {
    data: mine,
    error,
    refetch,
  } = useQuery({
    queryKey: ['factors'],
    queryFn: () => api<MyFactors>('GET', '/me/factors'),
  })
  const [adding, setAdding] = useState<'passkey' | 'totp' | null>(null)
  const [result, setResult] = useState('')
  /** Shown until the person has kept them; the session may enter the other pages after that. */
  const [codes, setCodes] = useState<readonly string[] | null>(null)
  if (mine === undefined)
    return error === null ? null : <Notice text={problemText(error, t)} again={() => void refetch()} />

  async function done(text: string, newCodes: readonly string[] | null): Promise<void> {
    setAdding(null)
    setResult(text)
    setCodes(newCodes)
    await refetch()
    if (newCodes === null) await queries.invalidateQueries(meQuery)
  }
  async function kept(): Promise<void> {
    setCodes(null)
    await queries.invalidateQueries(meQuery)
  }
  async function remove(id: number, name: string): Promise<void> {
    try {
      await api('DELETE', `/me/factors/${id}`)
      await done(t('signIn.factors.removed', { name }), null)
    } catch (refused) {
      setResult(problemText(refused, t))
    }
  }
  async function renewCodes(): Promise<void> {
    try {
      const { codes: renewed } = await api<{ codes: string[] }>('POST', '/me/recovery-codes')
      await done('', renewed)
    } catch (refused) {
      setResult(problemText(refused, t))
    }
  }

  if (codes !== null) return <RecoveryCodes codes={codes} kept={() => void kept()} />
  const added = (name: string, newCodes: readonly string[] | null): void =>
    void done(t('signIn.factors.addedNow', { name }), newCodes)
  return (
    <div className={styles['factors']} data-factors={mine.items.length}>
      <output className={styles['result']}>{result}</output>
      <FactorTable items={mine.items} fixed={mine.tooOld} remove={(id, name) => void remove(id, name)} />
      {mine.tooOld && (
        <p className={styles['row']}>
          {t('signIn.factors.tooOld')}
          <Button variant="default" size="compact-sm" onClick={() => void signOut(me)}>
            {t('signIn.factors.signInAgain')}
          </Button>
        </p>
      )}
      {!mine.tooOld && adding === null && (
        <div className={styles['row']}>
          <Button variant="default" onClick={() => setAdding('passkey')} data-action="add-passkey">
            {t('signIn.factors.addPasskey')}
          </Button>
          <Button variant="default" onClick={() => setAdding('totp')} data-action="add-totp">
            {t('signIn.factors.addTotp')}
          </Button>
        </div>
      )}
      {adding === 'passkey' && (
        <PasskeyForm passkeysAt={mine.passkeysAt} added={added} cancel={() => setAdding(null)} />
      )}
      {adding === 'totp' && <TotpForm added={added} cancel={() => setAdding(null)} />}
      {mine.items.length > 0 && adding === null && (
        <section className={styles['row']} aria-label={t('signIn.factors.codes')}>
          <span>{t('signIn.factors.codesLeft', { count: mine.recoveryCodesLeft })}</span>
          <ConfirmButton
            label={t('signIn.factors.codesNew')}
            question={t('signIn.factors.codesNewSure')}
            yes={t('signIn.factors.codesNewYes')}
            disabled={mine.tooOld}
            act={() => void renewCodes()}
          />
        </section>
      )}
    </div>
  )
}
