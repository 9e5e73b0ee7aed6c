import { Tabs } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { navigate, useSearch } from 'wouter/use-browser-location'
import { changesOf } from '../../../core/configuration/changes.ts'
import { faultsOf } from '../../../core/configuration/check.ts'
import type { Configuration } from '../../../core/configuration/schema.ts'
import type { ConfigurationInForce } from '../../../http/configuration/wire.ts'
import { Notice } from '../../shared/components/notice.tsx'
import { isAdministrator, useMe } from '../../shared/server/me.ts'
import { problemText } from '../../shared/server/problem-text.ts'
import { useKept } from '../../shared/unsaved/use-kept.ts'
import { focusFirstWrong } from '../../shared/use-focus.ts'
import { useTitle } from '../../shared/use-title.ts'
import { changeWords } from './change-words.ts'
import { acceptDraft, standingOf, type TypedWeeks } from './draft.ts'
import { DraftBar } from './draft-bar.tsx'
import { DryRunTab } from './dry-run/dry-run-tab.tsx'
import { isOfOutbound, placeOf, shownFaults } from './faults.ts'
import { DaysTab } from '../declared-days/days-tab.tsx'
import { ContactsTab } from '../contacts/contacts-tab.tsx'
import { PromptsTab } from '../prompts/prompts-tab.tsx'
import { HistoryTab } from './history-tab.tsx'
import { ItemsTab } from './items-tab.tsx'
import { addressOf, lists, tabIn, type List, type Tab } from './lists.ts'
import { OutboundTab } from './outbound/outbound-tab.tsx'
import { boundOf } from './outbound/outbound-words.ts'
import { Reader } from './reading/reader.tsx'
import { ReviewPanel } from './review-panel.tsx'
import { inForceQuery, useVersion } from './use-configuration.ts'
import headed from '../../shared/components/headed-page.module.css'
import styles from './configuration.module.css'

/** The configuration of the line: administrators edit it, supervisors read it and try it. */
export function ConfigurationPage() {
  const { t } = useTranslation()
  const mayEdit = isAdministrator(useMe())
  const { data: inForce, error, refetch } = useQuery(inForceQuery)
  useTitle(`${t('configuration.title')} · ${t('common.product')}`)
  if (inForce === undefined)
    return error === null ? null : <Notice text={problemText(error, t)} again={() => void refetch()} />
  return mayEdit ? <Editor inForce={inForce} /> : <Reader inForce={inForce} />
}

/** The tab is in the address, so that a reload stays there. */
const openTab = (tab: Tab): void => navigate(addressOf(tab), { replace: true })

/** A draft on this computer, published as a whole. */
function Editor({ inForce }: { readonly inForce: ConfigurationInForce }) {
  const { t, i18n } = useTranslation()
  const tab = tabIn(useSearch())
  const [chosen, setChosen] = useState<Readonly<Record<List, number>>>({
    numbers: 0,
    queues: 0,
    hours: 0,
    menus: 0,
    codes: 0,
    pauses: 0,
  })
  const [isReviewing, setReviewing] = useState(false)
  const [isChecked, setChecked] = useState(false)
  const [published, setPublished] = useState<number | null>(null)
  const weeks = useRef<TypedWeeks>(new Map())
  const page = useRef<HTMLDivElement>(null)
  const title = useRef<HTMLHeadingElement>(null)
  const form = useKept<Configuration>({
    name: 'configuration',
    basis: String(inForce.id),
    initial: inForce.document,
    accept: acceptDraft,
    where: 'computer',
  })
  const draft = form.value
  const found = faultsOf(draft, boundOf(inForce.serverOutbound))
  const faults = shownFaults(found, isChecked, t)
  const standing = standingOf(form, inForce)
  const isLate = standing === 'late'
  const base = useVersion(isLate ? Number(form.basis) : null)
  const words = (before: Configuration, after: Configuration) => changeWords(before, after, t, i18n.language)
  const changes = words(base?.document ?? inForce.document, draft)

  const change = (document: Configuration): void => {
    setPublished(null)
    // Typed and taken back: the server gives fields in another order, so that texts cannot be compared.
    if (!isLate && changesOf(inForce.document, document).length === 0) form.sent()
    else form.change(document)
  }
  const goTo = (at: string): void => {
    const place = placeOf(at)
    if (place === null && !isOfOutbound(at)) return
    openTab(place?.list ?? 'outbound')
    if (place !== null) setChosen({ ...chosen, [place.list]: place.index })
    setReviewing(false)
    if (page.current !== null) focusFirstWrong(page.current)
  }
  /** The focus was in the review, which is gone. */
  const leaveReview = (): void => {
    setReviewing(false)
    title.current?.focus()
  }
  if (standing === 'published' && published !== inForce.id) {
    setReviewing(false)
    setChecked(false)
    setPublished(inForce.id)
  }
  useEffect(() => {
    if (standing !== 'published') return
    form.sent()
    if (document.activeElement === document.body) title.current?.focus()
  })
  return (
    <div className={headed.page} ref={page}>
      <div className={headed.head}>
        <h1 ref={title} tabIndex={-1}>
          {t('configuration.title')}
        </h1>
        <DraftBar
          form={form}
          inForce={inForce}
          late={isLate ? { base: base?.document } : null}
          changes={changes.length}
          isReviewing={isReviewing}
          published={published}
          discard={() => {
            setChecked(false)
            leaveReview()
            form.discard()
          }}
          review={() => {
            setChecked(true)
            setReviewing(true)
          }}
        />
      </div>
      {isReviewing ? (
        <ReviewPanel
          document={draft}
          basedOn={inForce}
          theirs={isLate ? words(base?.document ?? inForce.document, inForce.document) : null}
          changes={changes}
          faults={found}
          goTo={goTo}
          back={leaveReview}
          done={(version) => {
            form.sent()
            leaveReview()
            setChecked(false)
            setPublished(version)
          }}
        />
      ) : (
        <Tabs
          value={tab}
          onChange={(name) => openTab(tabIn(`tab=${name}`))}
          keepMounted={false}
          classNames={{ root: styles['tabs'] ?? '', panel: styles['panel'] ?? '' }}
        >
          <Tabs.List>
            {lists.map((list) => (
              <Tabs.Tab key={list} value={list} data-tab={list}>
                {t(`configuration.tabs.${list}`)}
              </Tabs.Tab>
            ))}
            <Tabs.Tab value="outbound" data-tab="outbound">
              {t('outboundRules.tab')}
            </Tabs.Tab>
            <Tabs.Tab value="try" data-tab="try">
              {t('configuration.tabs.try')}
            </Tabs.Tab>
            <Tabs.Tab value="history" data-tab="history">
              {t('configuration.tabs.history')}
            </Tabs.Tab>
            <Tabs.Tab value="prompts" data-tab="prompts">
              {t('configuration.tabs.prompts')}
            </Tabs.Tab>
            <Tabs.Tab value="days" data-tab="days">
              {t('declaredDays.tab')}
            </Tabs.Tab>
            <Tabs.Tab value="contacts" data-tab="contacts">
              {t('contacts.tab')}
            </Tabs.Tab>
          </Tabs.List>
          {lists.map((list) => (
            <Tabs.Panel key={list} value={list}>
              <ItemsTab
                list={list}
                document={draft}
                inForce={inForce.document}
                serverAnswer={inForce.serverAnswer}
                chosen={chosen[list]}
                choose={(index) => setChosen({ ...chosen, [list]: index })}
                faults={faults}
                weeks={weeks}
                change={change}
              />
            </Tabs.Panel>
          ))}
          <Tabs.Panel value="outbound">
            <OutboundTab
              document={draft}
              server={inForce.serverOutbound}
              faults={faults}
              isChanged={changes.length > 0}
              change={change}
            />
          </Tabs.Panel>
          <Tabs.Panel value="try">
            <DryRunTab draft={draft} inForce={inForce} isChanged={changes.length > 0} />
          </Tabs.Panel>
          <Tabs.Panel value="history">
            <HistoryTab
              inForce={inForce}
              revert={(document) => {
                setPublished(null)
                form.replace(document)
                setChecked(true)
                setReviewing(true)
              }}
            />
          </Tabs.Panel>
          <Tabs.Panel value="prompts">
            <PromptsTab />
          </Tabs.Panel>
          <Tabs.Panel value="days">
            <DaysTab />
          </Tabs.Panel>
          <Tabs.Panel value="contacts">
            <ContactsTab />
          </Tabs.Panel>
        </Tabs>
      )}
    </div>
  )
}
