import { useState, type ComponentType, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { CityGate } from '../../agreement/city-gate.tsx'
import { Boundary } from '../../shared/components/boundary.tsx'
import { useStore } from '../../shared/store.ts'
import desk from '../desk.module.css'
import { callIdOf } from '../desk-state.ts'
import { useDeskCall, useDeskState } from '../use-desk.ts'
import { openPane, type PaneName } from './open-pane.ts'
import { panes } from './panes.tsx'
import { TabStrip } from './tab-strip.tsx'
import { Trail } from './trail-row.tsx'
import styles from './work-zone.module.css'

/** The centre zone: the tabs, the trail of the call, and the pane of the open tab. */
export function WorkZone() {
  const { t } = useTranslation()
  const state = useDeskState()
  const call = useDeskCall(state)
  const open = useStore(openPane)
  const [visited, setVisited] = useState<readonly PaneName[]>([])
  if (!visited.includes(open)) setVisited([...visited, open])
  return (
    <section
      className={`${desk['zone']} ${styles['zone']}`}
      aria-label={t('desk.zones.work')}
      tabIndex={-1}
      data-zone
    >
      <div className={styles['top']}>
        <TabStrip />
      </div>
      <Trail call={call} />
      {panes.map(({ name, Body }) => (
        <div
          key={name}
          role="tabpanel"
          id={`pane-${name}`}
          aria-labelledby={`tab-${name}`}
          hidden={name !== open}
          className={styles['pane']}
          data-pane={name}
        >
          <h2 className="spoken-only">{t(`work.tabs.${name}`)}</h2>
          <Boundary of="part" place={callIdOf(state) ?? ''}>
            {visited.includes(name) && (name === 'caller' ? <Body /> : withCityGate(Body))}
          </Boundary>
        </div>
      ))}
    </section>
  )
}

/**
 * Every tab except the caller's shows city data and asks an agent who has not signed the agreement to sign it.
 */
function withCityGate(Body: ComponentType): ReactNode {
  return (
    <CityGate>
      <Body />
    </CityGate>
  )
}
