import { Button } from '@mantine/core'
import type { TFunction } from 'i18next'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { reclaimAgent } from '../live/live-feed.ts'
import { useLive } from '../live/use-live.ts'
import { Icon } from '../shared/components/icon.tsx'
import { useMe } from '../shared/server/me.ts'
import { useStore } from '../shared/store.ts'
import { clock } from '../shared/time/time.ts'
import { hangUpCall, staysForCall } from './ended-session.ts'
import styles from './shell.module.css'

/**
 * A warning in the header, so that nothing moves, when the screen may be out of date. Announced politely: only
 * an offer and a lost call interrupt a screen reader.
 */
export function FeedBar({ otherwise = null }: { readonly otherwise?: ReactNode }) {
  const warning = useWarning()
  return (
    <>
      <output className={styles.news}>
        {warning !== null && <span className={styles.bar}>{warning}</span>}
      </output>
      {warning === null && otherwise}
    </>
  )
}

function useWarning(): ReactNode {
  const { t, i18n } = useTranslation()
  const me = useMe()
  const status = useLive((state) => state.status)
  const heardAt = useLive((state) => state.heardAt)
  const lineUp = useLive((state) => state.lineUp)
  const superseded = useLive((state) => state.superseded)
  const talking = useLive((state) => state.agents.get(me.id)?.state === 'talking')
  const ended = useStore(staysForCall)
  if (ended) {
    return (
      <>
        <Icon name="warning" />
        {t('common.feed.sessionEnded')}
        <Button size="compact-sm" variant="white" color="dark" onClick={hangUpCall}>
          {t('common.feed.hangUp')}
        </Button>
      </>
    )
  }
  if (superseded) {
    return (
      <>
        {t('common.feed.superseded')}
        <Button size="compact-sm" variant="white" color="dark" onClick={reclaimAgent}>
          {t('common.feed.useHere')}
        </Button>
      </>
    )
  }
  if (status === 'silent') {
    return (
      <>
        <Icon name="reconnecting" />
        {silence(heardAt, talking, t, i18n.language)}
      </>
    )
  }
  if (status === 'live' && !lineUp) {
    return (
      <>
        <Icon name="warning" />
        {t('common.feed.lineDown')}
      </>
    )
  }
  return null
}

function silence(heardAt: number | null, talking: boolean, t: TFunction, language: string): string {
  if (heardAt === null) return t('common.feed.never')
  const time = clock(heardAt, language)
  return t(talking ? 'common.feed.silentTalking' : 'common.feed.silent', { time })
}
