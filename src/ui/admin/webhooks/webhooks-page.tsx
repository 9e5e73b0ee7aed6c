import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { receiversMax } from '../../../http/webhooks/wire.ts'
import { Notice } from '../../shared/components/notice.tsx'
import { problemText } from '../../shared/server/problem-text.ts'
import { heldBySecret } from '../../shared/unsaved/shown-once.ts'
import { useTitle } from '../../shared/use-title.ts'
import { ProgramTabs } from '../program-tabs.tsx'
import { DeliveryLog } from './delivery-log.tsx'
import { ReceiverForm } from './receiver-form.tsx'
import { ReceiverTable } from './receiver-table.tsx'
import { SecretPanel } from './secret-panel.tsx'
import { receiversQuery, type MadeSecret } from './use-receivers.ts'
import admin from '../admin.module.css'
import styles from './webhooks.module.css'

/** The programs that are told of calls: the list left, one receiver right. */
export function WebhooksPage() {
  const { t } = useTranslation()
  const { data, error, refetch } = useQuery(receiversQuery)
  const [chosen, setChosen] = useState<string | null>(null)
  const [made, setMade] = useState<MadeSecret | null>(null)
  const [told, setTold] = useState('')
  useTitle(`${t('webhooks.title')} · ${t('common.product')}`)
  if (data === undefined)
    return error === null ? null : <Notice text={problemText(error, t)} again={() => void refetch()} />
  const receiver = data.items.find(({ id }) => id === chosen) ?? null
  const choose = (id: string | null): void => {
    if (heldBySecret()) return
    setTold('')
    setChosen(id)
  }
  return (
    <div className={admin['halves']}>
      <div className={admin['list']}>
        <div className={admin['head']}>
          <h1>{t('admin.programs.title')}</h1>
          <ProgramTabs />
          <Button
            variant={receiver === null ? 'light' : 'default'}
            onClick={() => choose(null)}
            data-action="new-receiver"
          >
            {t('webhooks.new')}
          </Button>
        </div>
        <p className={admin['lead']}>{t('webhooks.lead')}</p>
        <output className={styles['told']}>{told}</output>
        <ReceiverTable receivers={data} chosen={receiver?.id ?? null} choose={choose} />
        {(data.items.length > 0 || data.fromSettings !== null) && <DeliveryLog receivers={data} />}
      </div>
      <aside className={admin['one']} aria-label={t('webhooks.one')}>
        {made !== null ? (
          <SecretPanel made={made} noted={() => setMade(null)} />
        ) : receiver === null && data.items.length >= receiversMax ? (
          <p className={admin['quiet']}>{t('webhooks.full', { count: receiversMax })}</p>
        ) : (
          <ReceiverForm
            key={receiver === null ? 'new' : `${receiver.id} ${receiver.version}`}
            receiver={receiver}
            made={(secret, id) => {
              setMade(secret)
              setChosen(id)
              setTold('')
            }}
            done={(text, isEnded) => {
              setTold(text)
              if (isEnded) setChosen(null)
            }}
          />
        )}
      </aside>
    </div>
  )
}
