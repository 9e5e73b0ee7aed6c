import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { comeBack } from '../live/live-feed.ts'
import { useLive } from '../live/use-live.ts'
import { Icon } from '../shared/icon.tsx'
import { clock } from '../shared/time.ts'
import styles from './shell.module.css'

/** In the header, so that nothing moves: what to know when the screen may no longer be true. */
export function FeedBar({ otherwise = null }: { readonly otherwise?: ReactNode }) {
  const { t, i18n } = useTranslation()
  const status = useLive((state) => state.status)
  const heardAt = useLive((state) => state.heardAt)
  const lineUp = useLive((state) => state.lineUp)
  const superseded = useLive((state) => state.superseded)
  if (superseded) {
    return (
      <div className={styles.bar} role="alert">
        {t('common.feed.superseded')}
        <Button size="compact-sm" variant="white" color="dark" onClick={comeBack}>
          {t('common.feed.useHere')}
        </Button>
      </div>
    )
  }
  if (status === 'silent' && heardAt !== null) {
    return (
      <div className={styles.bar} role="alert">
        <Icon name="reconnecting" />
        {t('common.feed.silent', { time: clock(heardAt, i18n.language) })}
      </div>
    )
  }
  if (status === 'live' && !lineUp) {
    return (
      <div className={styles.bar} role="alert">
        <Icon name="warning" />
        {t('common.feed.lineDown')}
      </div>
    )
  }
  return otherwise
}
