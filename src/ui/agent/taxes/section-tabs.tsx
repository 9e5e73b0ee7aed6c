import type { KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { sectionNames, type SectionName } from './section.ts'
import styles from './taxes.module.css'

interface SectionTabsProps {
  readonly open: SectionName
  readonly change: (section: SectionName) => void
}

/**
 * The sections of an account. The arrow keys only move the focus, because opening a section is an access on
 * record: that takes Enter or Space (WAI-ARIA tabs with manual activation).
 */
export function SectionTabs({ open, change }: SectionTabsProps) {
  const { t } = useTranslation()

  return (
    <div role="tablist" aria-label={t('taxes.sections.label')} className={styles['tabs']}>
      {sectionNames.map((name) => (
        <button
          key={name}
          type="button"
          role="tab"
          id={`tax-tab-${name}`}
          aria-selected={name === open}
          aria-controls="tax-section"
          tabIndex={name === open ? 0 : -1}
          onClick={() => change(name)}
          onKeyDown={walk}
        >
          {t(`taxes.sections.${name}`)}
        </button>
      ))}
    </div>
  )
}

function walk(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
  if (step === undefined) return
  event.preventDefault()
  const tabs = [...document.querySelectorAll<HTMLElement>('[id^="tax-tab-"]')]
  const at = tabs.findIndex((tab) => tab === document.activeElement)
  tabs[(at + step + tabs.length) % tabs.length]?.focus()
}
