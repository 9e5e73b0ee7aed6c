import { useRef, useState, type ComponentType, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { CityGate } from '../../agreement/city-gate.tsx'
import { Boundary } from '../../shared/components/boundary.tsx'
import { useStore } from '../../shared/store.ts'
import desk from '../desk.module.css'
import { callIdOf } from '../desk-state.ts'
import { useDeskState } from '../use-desk.ts'
import { openPane, type PaneName } from './open-pane.ts'
import { panes } from './panes.tsx'
import { TabStrip } from './tab-strip.tsx'
import { useAnsweredCall } from './use-answered-call.ts'
import { useFocusOnAnswer } from './use-focus-on-answer.ts'
import styles from './work-zone.module.css'

/** The centre zone: the tabs, and the pane of the open tab. */
export function WorkZone() {
  const { t } = useTranslation()
  const state = useDeskState()
  const answered = useAnsweredCall(state)
  const zone = useRef<HTMLElement>(null)
  useFocusOnAnswer(zone, state.name)
  return (
    <section
      ref={zone}
      className={`${desk['zone']} ${styles['zone']}`}
      aria-label={t('desk.zones.work')}
      tabIndex={-1}
      data-zone
    >
      <div className={styles['top']}>
        <TabStrip />
      </div>
      <Panes place={callIdOf(state) ?? ''} key={answered} />
    </section>
  )
}

/** `place`: the call on the desk; an error of one call is not shown in the next. */
function Panes({ place }: { readonly place: string }) {
  const { t } = useTranslation()
  const open = useStore(openPane)
  const [visited, setVisited] = useState<readonly PaneName[]>([])
  if (!visited.includes(open)) setVisited([...visited, open])
  return (
    <>
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
          <Boundary of="part" place={place}>
            {visited.includes(name) && (name === 'caller' ? <Body /> : withCityGate(Body))}
          </Boundary>
        </div>
      ))}
    </>
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
