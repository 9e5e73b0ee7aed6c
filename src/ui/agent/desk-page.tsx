import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useTitle } from '../shared/use-title.ts'
import { CallZone } from './call/call-zone.tsx'
import { CallerZone } from './caller/caller-zone.tsx'
import { DeskAnnouncer } from './desk-announcer.tsx'
import { inCall } from './desk-actions.ts'
import { KeySheet } from './keys/key-sheet.tsx'
import { Palette } from './keys/palette.tsx'
import { useDeskKeys } from './keys/use-desk-keys.ts'
import { useDeskState } from './use-desk.ts'
import { WordsZone } from './words/words-zone.tsx'
import styles from './desk.module.css'

/** The agent's one screen: the call, the work, the words. */
export function DeskPage() {
  const { t } = useTranslation()
  const state = useDeskState()
  const [sheet, setSheet] = useState(false)
  const [palette, setPalette] = useState(false)
  const zones = useRef<HTMLDivElement>(null)
  const rings = state.name === 'ringing' && !state.picking
  useTitle(rings ? t('desk.rings') : t('desk.title'))
  const run = useDeskKeys({ zones, openSheet: () => setSheet(true), openPalette: () => setPalette(true) })

  return (
    <div className={styles.desk} ref={zones} data-state={state.name} data-busy={inCall(state)}>
      <h1 className="spoken-only">{t('desk.title')}</h1>
      <CallZone run={run} />
      <CallerZone />
      <WordsZone run={run} />
      <DeskAnnouncer />
      <KeySheet opened={sheet} close={() => setSheet(false)} />
      <Palette opened={palette} close={() => setPalette(false)} run={run} />
    </div>
  )
}
