import { useTranslation } from 'react-i18next'
import { webhookTypes, type WebhookReceiver, type WebhookReceivers } from '../../../http/webhooks/wire.ts'
import { Icon } from '../../shared/components/icon.tsx'
import { shortDateTime } from '../../shared/time/time.ts'
import { eventText } from './event-text.ts'
import admin from '../admin.module.css'
import styles from './webhooks.module.css'

interface ReceiverTableProps {
  readonly receivers: WebhookReceivers
  readonly chosen: string | null
  readonly choose: (id: string) => void
}

export function ReceiverTable({ receivers: { items, fromSettings }, chosen, choose }: ReceiverTableProps) {
  const { t } = useTranslation()
  if (items.length === 0 && fromSettings === null)
    return <p className={admin['quiet']}>{t('webhooks.none')}</p>
  return (
    <table className={admin['table']}>
      <thead>
        <tr>
          <th scope="col">{t('webhooks.name')}</th>
          <th scope="col">{t('webhooks.address')}</th>
          <th scope="col">{t('webhooks.events.title')}</th>
          <th scope="col">{t('webhooks.state')}</th>
        </tr>
      </thead>
      <tbody>
        {fromSettings !== null && (
          <tr data-from-settings>
            <td>{t('webhooks.fromSettings')}</td>
            <td className={styles['address']}>
              {fromSettings.origin}
              <span>{t(fromSettings.withNumber ? 'webhooks.settingsNumber' : 'webhooks.settingsOnly')}</span>
            </td>
            <td>{t('webhooks.everyEvent')}</td>
            <td>
              <State of={fromSettings} />
            </td>
          </tr>
        )}
        {items.map((receiver) => (
          <tr key={receiver.id} data-receiver={receiver.name} data-chosen={receiver.id === chosen}>
            <td>
              <button type="button" onClick={() => choose(receiver.id)} aria-pressed={receiver.id === chosen}>
                {receiver.name}
              </button>
            </td>
            <td className={styles['address']}>{receiver.url}</td>
            <td>
              {receiver.types.length === webhookTypes.length
                ? t('webhooks.everyEvent')
                : receiver.types.map((type) => eventText(type, t)).join(', ')}
            </td>
            <td>
              <State of={receiver} secretLost={receiver.secretLost} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

interface StateProps {
  readonly of: Pick<WebhookReceiver, 'unsent' | 'late' | 'oldestAt' | 'failed'>
  readonly secretLost?: boolean
}

/** Whether the receiver has been told everything. */
function State({ of: { unsent, late, oldestAt, failed }, secretLost = false }: StateProps) {
  const { t, i18n } = useTranslation()
  if (secretLost || (late > 0 && oldestAt !== null))
    return (
      <strong className={styles['wrong']} data-state={secretLost ? 'secret-lost' : 'late'}>
        <Icon name="warning" />
        {secretLost
          ? t('webhooks.secretLost')
          : t('webhooks.late', { count: unsent, at: shortDateTime(oldestAt ?? '', i18n.language) })}
      </strong>
    )
  if (failed > 0)
    return (
      <strong className={styles['wrong']} data-state="failed">
        <Icon name="warning" />
        {t('webhooks.failed', { count: failed })}
      </strong>
    )
  return (
    <span data-state="working">
      {unsent === 0 ? t('webhooks.upToDate') : t('webhooks.unsent', { count: unsent })}
    </span>
  )
}
