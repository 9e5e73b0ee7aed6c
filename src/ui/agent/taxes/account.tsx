import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { problemText } from '../../shared/server/problem-text.ts'
import halves from '../work/halves.module.css'
import { focusUnlessTyping } from '../work/focus-unless-typing.ts'
import { SearchField } from '../work/search-field.tsx'
import { AccountHead } from './account-head.tsx'
import { ObjectList } from './object-list.tsx'
import { readAloud } from './read-aloud.ts'
import { SectionBody } from './section-body.tsx'
import { SectionTabs } from './section-tabs.tsx'
import { useSection, useRemoveOnUnmount, type Opened, type SectionName } from './section.ts'
import styles from './taxes.module.css'

/** A verified caller's account: the objects left, one section about the chosen one right. */
export function Account({ callId, handle }: Opened) {
  const { t } = useTranslation()
  const opened = { callId, handle }
  const [section, openSection] = useState<SectionName>('objects')
  const [object, choose] = useState<string | null>(null)
  const [filter, setFilter] = useState('')
  const { data, error } = useSection(opened, 'objects')
  useRemoveOnUnmount(opened)
  useEffect(() => {
    readAloud.set({ callId, handle, section, object })
    return () => readAloud.set(null)
  }, [callId, handle, section, object])
  const opens = data !== undefined
  // The form of the last question has gone, and the focus with it.
  useEffect(() => {
    if (opens) focusUnlessTyping(document.querySelector<HTMLElement>('#tax-tab-objects'))
  }, [opens])

  if (error !== null) return <p className={styles['problem']}>{problemText(error, t)}</p>
  if (data === undefined) return <p className={styles['empty']}>{t('common.loading')}</p>
  return (
    <>
      <SearchField label={t('taxes.search')} value={filter} change={setFilter} maxLength={60} />
      <AccountHead section={data} />
      <div className={halves['halves']}>
        <div className={halves['results']}>
          <ObjectList items={data.items} filter={filter} chosen={object} choose={choose} />
        </div>
        <div className={styles['record']}>
          <SectionTabs open={section} change={openSection} />
          <div
            role="tabpanel"
            id="tax-section"
            aria-labelledby={`tax-tab-${section}`}
            // The table may be longer than the zone: the arrow keys scroll it.
            tabIndex={0}
            className={styles['body']}
          >
            <SectionBody opened={opened} name={section} object={object} objects={data.items} />
          </div>
        </div>
      </div>
    </>
  )
}
