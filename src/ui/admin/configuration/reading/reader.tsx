import { Tabs } from '@mantine/core'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { navigate, useSearch } from 'wouter/use-browser-location'
import type { ConfigurationInForce } from '../../../../http/configuration/wire.ts'
import { useNow } from '../../../shared/time/now.ts'
import { saidMoment } from '../../../shared/time/said-moment.ts'
import { DaysTab } from '../../declared-days/days-tab.tsx'
import type { TypedWeeks } from '../draft.ts'
import { DryRunTab } from '../dry-run/dry-run-tab.tsx'
import { shownFaults } from '../faults.ts'
import { HistoryTab } from '../history-tab.tsx'
import { ItemsTab } from '../items-tab.tsx'
import { OutboundTab } from '../outbound/outbound-tab.tsx'
import { addressOf, lists, ofAdministrators, tabIn, type List } from '../lists.ts'
import headed from '../../../shared/components/headed-page.module.css'
import styles from '../configuration.module.css'

/** The version in force, for those who may not change it; they try it as administrators do. */
export function Reader({ inForce }: { readonly inForce: ConfigurationInForce }) {
  const { t, i18n } = useTranslation()
  const asked = tabIn(useSearch())
  const tab = ofAdministrators.includes(asked) ? 'numbers' : asked
  const [chosen, setChosen] = useState<Partial<Record<List, number>>>({})
  const weeks = useRef<TypedWeeks>(new Map())
  const now = useNow()
  const { id, publishedAt, document } = inForce
  const faults = shownFaults([], false, t)
  return (
    <div className={headed.page}>
      <div className={headed.head}>
        <h1>{t('configuration.title')}</h1>
        <span className={styles['quiet']} data-read-only>
          {publishedAt !== null &&
            `${t('configuration.readVersion', { version: id, at: saidMoment(publishedAt, now, t, i18n.language) })} `}
          {t('configuration.readOnly')}
        </span>
      </div>
      <Tabs
        value={tab}
        onChange={(name) => navigate(addressOf(tabIn(`tab=${name}`)), { replace: true })}
        keepMounted={false}
        classNames={{ root: styles['tabs'] ?? '', panel: styles['panel'] ?? '' }}
      >
        <Tabs.List>
          {lists.map((name) => (
            <Tabs.Tab key={name} value={name} data-tab={name}>
              {t(`configuration.tabs.${name}`)}
            </Tabs.Tab>
          ))}
          <Tabs.Tab value="outbound" data-tab="outbound">
            {t('outboundRules.tab')}
          </Tabs.Tab>
          {(['try', 'history'] as const).map((name) => (
            <Tabs.Tab key={name} value={name} data-tab={name}>
              {t(`configuration.tabs.${name}`)}
            </Tabs.Tab>
          ))}
          <Tabs.Tab value="days" data-tab="days">
            {t('declaredDays.tab')}
          </Tabs.Tab>
        </Tabs.List>
        {lists.map((list) => (
          <Tabs.Panel key={list} value={list}>
            <ItemsTab
              list={list}
              document={document}
              inForce={document}
              serverAnswer={inForce.serverAnswer}
              chosen={chosen[list] ?? 0}
              choose={(index) => setChosen({ ...chosen, [list]: index })}
              faults={faults}
              weeks={weeks}
              change={null}
            />
          </Tabs.Panel>
        ))}
        <Tabs.Panel value="outbound">
          <OutboundTab
            document={document}
            server={inForce.serverOutbound}
            faults={faults}
            isChanged={false}
            change={null}
          />
        </Tabs.Panel>
        <Tabs.Panel value="try">
          <DryRunTab draft={document} inForce={inForce} isChanged={false} />
        </Tabs.Panel>
        <Tabs.Panel value="history">
          <HistoryTab inForce={inForce} revert={null} />
        </Tabs.Panel>
        <Tabs.Panel value="days">
          <DaysTab />
        </Tabs.Panel>
      </Tabs>
    </div>
  )
}
