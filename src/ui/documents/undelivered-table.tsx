import { Button } from '@mantine/core'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { UndeliveredMessage } from '../../http/documents/wire.ts'
import { Icon, type IconName } from '../shared/components/icon.tsx'
import { shortDateTime } from '../shared/time/time.ts'
import { walkRows } from '../shared/walk-rows.ts'
import styles from './documents.module.css'

interface UndeliveredTableProps {
  readonly items: readonly UndeliveredMessage[]
  readonly retry: (item: UndeliveredMessage) => void
}

/** One row for each message; the arrow keys move between the buttons. */
export function UndeliveredTable({ items, retry }: UndeliveredTableProps) {
  const { t, i18n } = useTranslation()
  const at = (time: string | null): string =>
    time === null ? t('common.none') : shortDateTime(time, i18n.language)
  return (
    <div className={styles['scroll']}>
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">{t('documents.state')}</th>
            <th scope="col">{t('documents.request')}</th>
            <th scope="col">{t('documents.what')}</th>
            <th scope="col">{t('documents.queued')}</th>
            <th scope="col" className={styles['figure']}>
              {t('documents.tries')}
            </th>
            <th scope="col">{t('documents.tried')}</th>
            <th scope="col">{t('documents.answer')}</th>
            <th scope="col">{t('documents.next')}</th>
            <th scope="col">
              <span className="spoken-only">{t('documents.retry')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={item.id} data-message={item.id} data-given-up={item.givenUp}>
              <td>
                <StateLabel item={item} />
              </td>
              <th scope="row">{item.request}</th>
              <td>{t(`documents.type.${typeNames[item.type]}`)}</td>
              <td>{at(item.queuedAt)}</td>
              <td className={styles['figure']}>{item.tries}</td>
              <td>{at(item.triedAt)}</td>
              <td className={styles['answer']}>{answerText(item, t)}</td>
              <td>{nextText(item, at(item.nextAt), t)}</td>
              <td>
                {!item.behind && (
                  <Button
                    size="compact-sm"
                    variant="default"
                    aria-label={t('documents.retryOne', { request: item.request })}
                    onClick={() => retry(item)}
                    onKeyDown={walkRows}
                  >
                    {t('documents.retry')}
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const typeNames = {
  'request.registered': 'registered',
  'request.status': 'status',
} as const satisfies Record<UndeliveredMessage['type'], string>

type State = 'givenUp' | 'late' | 'waiting'
const stateIcons = { givenUp: 'warning', late: 'warning', waiting: 'reconnecting' } as const satisfies Record<
  State,
  IconName
>

function StateLabel({ item }: { readonly item: UndeliveredMessage }) {
  const { t } = useTranslation()
  const state: State = item.givenUp ? 'givenUp' : item.late ? 'late' : 'waiting'
  return (
    <span className={styles['word']} data-state={state}>
      <Icon name={stateIcons[state]} size={16} />
      {t(`documents.states.${state}`)}
    </span>
  )
}

function answerText({ outcome, status, why }: UndeliveredMessage, t: TFunction): string {
  switch (outcome) {
    case null:
    case 'asked again':
    case 'delivered':
      return t('common.none')
    case 'refused':
      return t('documents.refused', { status })
    case 'unreachable': {
      const known = (['no connection', 'no answer in time', 'answer not understood'] as const).find(
        (word) => word === why,
      )
      return known === undefined ? t('common.none') : t(`documents.why.${known}`)
    }
  }
}

function nextText({ behind, givenUp, nextAt }: UndeliveredMessage, at: string, t: TFunction): string {
  if (givenUp) return t('documents.never')
  if (behind) return t('documents.behind')
  return nextAt === null ? t('documents.now') : at
}
