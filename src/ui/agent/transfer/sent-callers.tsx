import { useTranslation } from 'react-i18next'
import type { TransferView } from '../../../http/transfer/wire.ts'
import { useLive } from '../../live/use-live.ts'
import { Icon } from '../../shared/components/icon.tsx'
import { useQueueName } from '../../shared/server/queue-names.ts'
import { useMe } from '../../shared/server/me.ts'
import { useNow } from '../../shared/time/now.ts'
import { duration } from '../../shared/time/time.ts'
import type { DeskState } from '../desk-state.ts'
import { shownTransfers } from './shown-transfers.ts'
import styles from './transfer.module.css'

/** The course of the agent's transfers, until each caller is with somebody. */
export function SentCallers({ state }: { readonly state: DeskState }) {
  const { t } = useTranslation()
  const transfers = useLive((live) => live.transfers)
  const skewMs = useLive((live) => live.skewMs)
  const now = useNow() + skewMs
  const { id: me } = useMe()
  const onDesk = 'call' in state ? (state.call?.id ?? null) : null
  return (
    <ul className={styles['sent']} aria-live="polite" aria-label={t('desk.transfer.sent')}>
      {shownTransfers(transfers, { me, onDesk }, now).map((transfer) => (
        <li key={transfer.callId} data-sent={transfer.state}>
          <Icon name="transfer" size={16} />
          <span>
            <SentCaller transfer={transfer} />
          </span>
          {transfer.state === 'waiting' && (
            <time className="tabular">{duration(Math.max(0, now - Date.parse(transfer.since)))}</time>
          )}
        </li>
      ))}
    </ul>
  )
}

function SentCaller({ transfer }: { readonly transfer: TransferView }) {
  const { t } = useTranslation()
  const queueName = useQueueName()
  const { state, to, toQueue, external, why, agent } = transfer
  const name = toQueue ? queueName(to.id) : to.name
  if (external && state === 'returning' && why !== null)
    return t('desk.contacts.returning', { why: t(`desk.contacts.unreached.${why}`, { name }) })
  // A caller whom the contact has not taken is served by an agent again.
  if (external && state === 'taken' && agent === null) return t('desk.contacts.taken', { name })
  return t(`desk.transfer.became.${state}`, { to: name, agent: agent?.name ?? name })
}
