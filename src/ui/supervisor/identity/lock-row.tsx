import { Button, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { LockList } from '../../../http/identity/wire.ts'
import { api } from '../../shared/server/api.ts'
import { spokenNumber } from '../../shared/phone-number.ts'
import { problemText } from '../../shared/server/problem-text.ts'
import { shortDateTime } from '../../shared/time/time.ts'
import styles from './identity.module.css'

type Lock = LockList['items'][number]

/** One locked channel: the calls that caused the lock, and the form that lifts it. */
export function LockRow({ lock }: { readonly lock: Lock }) {
  const { t, i18n } = useTranslation()
  const [opening, setOpening] = useState(false)
  const at = (moment: string): string => shortDateTime(moment, i18n.language)
  return (
    <li data-lock={lock.id}>
      <div className={styles['head']}>
        <strong>
          {t('identity.locks.number')} {lock.id}
        </strong>
        <span>
          {t('identity.locks.lockedAt')} <time dateTime={lock.lockedAt}>{at(lock.lockedAt)}</time>
        </span>
        <span>
          {lock.until === null
            ? t('identity.locks.wholeChannel')
            : t('identity.locks.onlyNumber', { until: at(lock.until) })}
        </span>
        {lock.inForce && !opening && (
          <Button size="compact-sm" variant="default" onClick={() => setOpening(true)} data-action="unlock">
            {t('identity.locks.unlock')}
          </Button>
        )}
      </div>
      <ul className={styles['calls']} aria-label={t('identity.locks.calls')}>
        {lock.calls.map((call) => (
          <li key={call.id}>
            <Link href={`/calls/${encodeURIComponent(call.id)}`}>{at(call.at)}</Link>
            <span>{call.caller === null ? t('common.withheld') : spokenNumber(call.caller)}</span>
            <span>{call.agent.name}</span>
          </li>
        ))}
      </ul>
      {lock.unlocked !== null && (
        <p className={styles['quiet']}>
          {t('identity.locks.openedBy', {
            name: lock.unlocked.by.name,
            at: at(lock.unlocked.at),
            reason: lock.unlocked.reason,
          })}
        </p>
      )}
      {lock.unlocked === null && !lock.inForce && (
        <p className={styles['quiet']}>{t('identity.locks.ended')}</p>
      )}
      {opening && <UnlockForm id={lock.id} close={() => setOpening(false)} />}
    </li>
  )
}

function UnlockForm({ id, close }: { readonly id: number; readonly close: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [reason, setReason] = useState('')
  const [problem, setProblem] = useState<unknown>(null)
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus(), [])

  async function unlock(event: FormEvent): Promise<void> {
    event.preventDefault()
    try {
      await api('POST', `/identity/locks/${id}/unlock`, { reason: reason.trim() })
      await queries.invalidateQueries({ queryKey: ['identity'] })
    } catch (refused) {
      setProblem(refused)
    }
  }

  return (
    <form onSubmit={(event) => void unlock(event)} className={styles['unlock']}>
      <TextInput
        ref={field}
        label={t('identity.locks.reason')}
        placeholder={t('identity.locks.reasonHint')}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Escape' && close()}
        maxLength={500}
        required
      />
      <Button type="submit" disabled={reason.trim().length < 3} data-action="confirm-unlock">
        {t('identity.locks.confirm')}
      </Button>
      <Button variant="default" onClick={close}>
        {t('identity.locks.cancel')}
      </Button>
      <output className={styles['breach']}>{problem !== null && problemText(problem, t)}</output>
    </form>
  )
}
