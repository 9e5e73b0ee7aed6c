import { Button } from '@mantine/core'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { BlockedCaller } from '../../../http/blocked-callers/wire.ts'
import { Notice } from '../../shared/components/notice.tsx'
import { spokenNumber } from '../../shared/phone-number.ts'
import { problemText } from '../../shared/server/problem-text.ts'
import { shortDateTime, shortDateWithYear } from '../../shared/time/time.ts'
import { useTitle } from '../../shared/use-title.ts'
import { BlockForm } from './block-form.tsx'
import { useBlockedCallers, useBlocking } from './use-blocked-callers.ts'
import styles from './blocked-callers.module.css'

/** The callers who are turned away: until when, why and by whom. */
export function BlockedCallersPage() {
  const { t } = useTranslation()
  const { data, error, refetch } = useBlockedCallers()
  const { unblock } = useBlocking()
  const [told, setTold] = useState('')
  const heading = useRef<HTMLHeadingElement>(null)
  useTitle(`${t('blockedCallers.title')} · ${t('common.product')}`)

  async function end({ id, number }: BlockedCaller): Promise<void> {
    try {
      await unblock(id)
      setTold(t('blockedCallers.unblocked', { number: spokenNumber(number) }))
    } catch (refused) {
      setTold(problemText(refused, t))
    }
    // The button is gone with its row.
    heading.current?.focus()
  }

  if (error !== null && data === undefined)
    return <Notice text={problemText(error, t)} again={() => void refetch()} />
  if (data === undefined) return null
  return (
    <div className={styles['page']}>
      <h1 ref={heading} tabIndex={-1}>
        {t('blockedCallers.title')}
      </h1>
      <p className={styles['quiet']}>{t('blockedCallers.about')}</p>
      <BlockForm number={null} blocked={(number) => setTold(t('blockedCallers.blockedNow', { number }))} />
      <output className={styles['told']}>{told}</output>
      {data.items.length === 0 ? (
        <p className={styles['quiet']}>{t('blockedCallers.none')}</p>
      ) : (
        <BlockTable items={data.items} end={(block) => void end(block)} />
      )}
    </div>
  )
}

interface BlockTableProps {
  readonly items: readonly BlockedCaller[]
  readonly end: (block: BlockedCaller) => void
}

function BlockTable({ items, end }: BlockTableProps) {
  const { t, i18n } = useTranslation()
  return (
    <table className={styles['table']}>
      <thead>
        <tr>
          <th scope="col">{t('blockedCallers.number')}</th>
          <th scope="col">{t('blockedCallers.until')}</th>
          <th scope="col">{t('blockedCallers.reason')}</th>
          <th scope="col">{t('blockedCallers.by')}</th>
          <th scope="col">{t('blockedCallers.from')}</th>
          <th scope="col">{t('blockedCallers.action')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((block) => (
          <tr key={block.id} data-block={block.id}>
            <th scope="row">{spokenNumber(block.number)}</th>
            <td>
              <time dateTime={block.until}>{shortDateWithYear(block.until, i18n.language)}</time>
            </td>
            <td className={styles['reason']}>{block.reason}</td>
            <td>{block.by.name}</td>
            <td>
              <time dateTime={block.from}>{shortDateTime(block.from, i18n.language)}</time>
            </td>
            <td>
              <Button
                variant="default"
                size="compact-sm"
                aria-label={t('blockedCallers.unblockNumber', { number: spokenNumber(block.number) })}
                onClick={() => end(block)}
                data-action="unblock-number"
              >
                {t('blockedCallers.unblock')}
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
