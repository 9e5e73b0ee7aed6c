import { useTranslation } from 'react-i18next'
import type { UnansweredOffer } from '../../../http/calls/wire.ts'
import { useUnansweredOffers } from '../../calls/use-calls.ts'
import { CallBack } from '../outbound/call-back.tsx'
import { Icon } from '../../shared/components/icon.tsx'
import { Peek } from '../../shared/components/peek.tsx'
import { useMe } from '../../shared/server/me.ts'
import { useQueueName } from '../../shared/server/queue-names.ts'
import { clock } from '../../shared/time/time.ts'
import styles from './call-zone.module.css'

/** The calls of today that rang this agent and were not answered, behind a button with their number. */
export function Unanswered() {
  const { t } = useTranslation()
  const me = useMe()
  const { data } = useUnansweredOffers(me.id)
  const items = data?.items ?? []
  return (
    <Peek
      name="unanswered"
      title={t('desk.unanswered.title')}
      position="right-end"
      face={
        <span className={styles['unansweredFace']}>
          <span>{t('desk.unanswered.title')}</span>
          <span>
            <span className="tabular">
              {data === undefined ? t('common.none') : data.more ? `${items.length}+` : items.length}
            </span>
            <Icon name="right" size={14} />
          </span>
        </span>
      }
    >
      {(close) => (
        <>
          {items.length === 0 && <p className={styles['quiet']}>{t('desk.unanswered.none')}</p>}
          <ul className={styles['unanswered']}>
            {items.map((offer) => (
              <Offer key={`${offer.call} ${offer.offeredAt}`} offer={offer} onPlaced={close} />
            ))}
          </ul>
          {data?.more === true && <p className={styles['quiet']}>{t('desk.unanswered.more')}</p>}
        </>
      )}
    </Peek>
  )
}

interface OfferProps {
  readonly offer: UnansweredOffer
  readonly onPlaced: () => void
}

function Offer({ offer, onPlaced }: OfferProps) {
  const { t, i18n } = useTranslation()
  const queueName = useQueueName()
  const { callerEnding: digits, isLost, queue, ringMs } = offer
  const facts = [
    ...(queue === null ? [] : [queueName(queue)]),
    t('desk.unanswered.rang', { count: Math.round(ringMs / 1_000) }),
    digits === null ? t('desk.unanswered.noNumber') : t('desk.unanswered.ending', { digits }),
  ]
  return (
    <li data-unanswered={offer.reason}>
      <time dateTime={offer.offeredAt}>{clock(offer.offeredAt, i18n.language)}</time>
      <span>
        <strong>{t(`desk.unanswered.reason.${offer.reason}`)}</strong>
        <span>{facts.join(' · ')}</span>
      </span>
      {digits !== null && isLost && <CallBack whom={{ call: offer.call }} onPlaced={onPlaced} />}
    </li>
  )
}
