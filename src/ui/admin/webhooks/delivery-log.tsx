import { Button, NativeSelect } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  deliveryOutcomes,
  settingsReceiver,
  type WebhookDelivery,
  type WebhookReceivers,
} from '../../../http/webhooks/wire.ts'
import { BusyButton } from '../../shared/components/busy-button.tsx'
import { Icon } from '../../shared/components/icon.tsx'
import { problemText } from '../../shared/server/problem-text.ts'
import { shortDateTime } from '../../shared/time/time.ts'
import { eventText } from './event-text.ts'
import { useDeliveries, useReplays } from './use-deliveries.ts'
import admin from '../admin.module.css'
import styles from './webhooks.module.css'

const periods = ['hour', 'day', 'week', 'all'] as const
type Period = (typeof periods)[number]
const hourMs = 3_600_000
const periodMs: Readonly<Record<Period, number>> = {
  hour: hourMs,
  day: 24 * hourMs,
  week: 7 * 24 * hourMs,
  all: Infinity,
}

/** The messages to receivers and the answers, with the buttons that send them once more. */
export function DeliveryLog({
  receivers: { items, fromSettings },
}: {
  readonly receivers: WebhookReceivers
}) {
  const { t } = useTranslation()
  const [receiver, setReceiver] = useState('')
  const [outcome, setOutcome] = useState('')
  const [told, setTold] = useState('')
  const log = useDeliveries({ receiver, outcome })
  const { replay } = useReplays()
  const again = useMutation({
    mutationFn: replay,
    onMutate: () => setTold(''),
    onSuccess: () => setTold(t('webhooks.log.replayed', { count: 1 })),
    onError: (refused) => setTold(problemText(refused, t)),
  })
  const failed =
    receiver === settingsReceiver
      ? (fromSettings?.failed ?? 0)
      : (items.find(({ id }) => id === receiver)?.failed ?? 0)
  const deliveries = log.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <section aria-labelledby="deliveries" data-deliveries>
      <div className={styles['logHead']}>
        <h2 id="deliveries">{t('webhooks.log.title')}</h2>
        <NativeSelect
          aria-label={t('webhooks.log.receiver')}
          value={receiver}
          onChange={(event) => setReceiver(event.currentTarget.value)}
          data-field="log-receiver"
        >
          <option value="">{t('webhooks.log.everyReceiver')}</option>
          {fromSettings !== null && <option value={settingsReceiver}>{t('webhooks.fromSettings')}</option>}
          {items.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </NativeSelect>
        <NativeSelect
          aria-label={t('webhooks.log.outcome')}
          value={outcome}
          onChange={(event) => setOutcome(event.currentTarget.value)}
          data-field="log-outcome"
        >
          <option value="">{t('webhooks.log.everyOutcome')}</option>
          {deliveryOutcomes.map((one) => (
            <option key={one} value={one}>
              {t(`webhooks.log.outcomes.${one}`)}
            </option>
          ))}
        </NativeSelect>
        {failed > 0 && <ReplayFailed key={receiver} receiver={receiver} failed={failed} told={setTold} />}
      </div>
      <output className={styles['told']} data-replayed>
        {told}
      </output>
      {log.data !== undefined && deliveries.length === 0 ? (
        <p className={admin['quiet']}>{t('webhooks.log.none')}</p>
      ) : (
        <DeliveryTable deliveries={deliveries} again={({ id }) => again.mutate(id)} />
      )}
      {log.error !== null && <p className={admin['problem']}>{problemText(log.error, t)}</p>}
      {log.hasNextPage && (
        <BusyButton
          variant="default"
          loading={log.isFetchingNextPage}
          onClick={() => void log.fetchNextPage()}
        >
          {t('webhooks.log.more')}
        </BusyButton>
      )}
    </section>
  )
}

interface ReplayFailedProps {
  readonly receiver: string
  readonly failed: number
  readonly told: (text: string) => void
}

/** Everything that one receiver has never taken. */
function ReplayFailed({ receiver, failed, told }: ReplayFailedProps) {
  const { t } = useTranslation()
  const { replayFailed } = useReplays()
  const [period, setPeriod] = useState<Period>('all')
  const send = useMutation({
    mutationFn: () => {
      const since = periodMs[period] === Infinity ? 0 : Date.now() - periodMs[period]
      return replayFailed(receiver, new Date(since).toISOString())
    },
    onMutate: () => told(''),
    onSuccess: ({ messages }) => told(t('webhooks.log.replayed', { count: messages })),
    onError: (refused) => told(problemText(refused, t)),
  })
  return (
    <div className={styles['replay']} data-replay-failed={failed}>
      <NativeSelect
        aria-label={t('webhooks.log.since')}
        value={period}
        onChange={(event) => setPeriod(periods.find((one) => one === event.currentTarget.value) ?? 'all')}
        data-field="since"
      >
        {periods.map((one) => (
          <option key={one} value={one}>
            {t(`webhooks.log.periods.${one}`)}
          </option>
        ))}
      </NativeSelect>
      <BusyButton onClick={() => send.mutate()} loading={send.isPending} data-action="replay-failed">
        {t('webhooks.log.replayFailed')}
      </BusyButton>
    </div>
  )
}

interface DeliveryTableProps {
  readonly deliveries: readonly WebhookDelivery[]
  readonly again: (delivery: WebhookDelivery) => void
}

function DeliveryTable({ deliveries, again }: DeliveryTableProps) {
  const { t, i18n } = useTranslation()
  return (
    <table className={admin['table']}>
      <thead>
        <tr>
          <th scope="col">{t('webhooks.log.at')}</th>
          <th scope="col">{t('webhooks.log.receiver')}</th>
          <th scope="col">{t('webhooks.log.event')}</th>
          <th scope="col">{t('webhooks.log.outcome')}</th>
          <th scope="col">{t('webhooks.log.tries')}</th>
          <th scope="col">{t('webhooks.log.action')}</th>
        </tr>
      </thead>
      <tbody>
        {deliveries.map((one) => (
          <tr key={one.id} data-delivery={one.message} data-outcome={one.outcome}>
            <td className="tabular">{shortDateTime(one.lastAt, i18n.language)}</td>
            <td>{one.receiver.name ?? t('webhooks.fromSettings')}</td>
            <td>{one.type === null ? '–' : eventText(one.type, t)}</td>
            <td>
              <Outcome of={one} />
            </td>
            <td className="tabular">{one.tries}</td>
            <td>
              <Button variant="default" size="compact-sm" onClick={() => again(one)} data-action="replay">
                {t('webhooks.log.replay')}
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** `livrat: 204, 12 ms`, `eșuat: fără răspuns la timp`. */
function Outcome({ of: { outcome, status, why, durationMs, replay } }: { readonly of: WebhookDelivery }) {
  const { t } = useTranslation()
  const answer =
    why === null ? t('webhooks.log.answered', { status, ms: durationMs }) : t(`webhooks.log.whys.${why}`)
  const text = `${t(`webhooks.log.outcomes.${outcome}`)}: ${answer}`
  const shown = replay ? `${text} (${t('webhooks.log.wasReplay')})` : text
  if (outcome === 'delivered') return <span>{shown}</span>
  return (
    <span className={styles[outcome === 'retrying' ? 'retrying' : 'wrong']}>
      <Icon name={outcome === 'retrying' ? 'clock' : 'warning'} />
      {shown}
    </span>
  )
}
