import { Button, Fieldset } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Words } from '../../../../core/announcements/own-words.ts'
import type { FurtherLanguage } from '../../../../core/configuration/menu.ts'
import { announcementTextMax, announcementTextsMax } from '../../../../core/configuration/schema.ts'
import { unavailable } from '../../../shared/components/unavailable.ts'
import { raised, replaced, without } from '../draft.ts'
import type { Faults } from '../faults.ts'
import { RaiseButton } from '../raise-button.tsx'
import { TextFields } from '../words/text-fields.tsx'
import styles from '../configuration.module.css'

interface TextListProps {
  readonly texts: readonly Words[]
  /** The languages beside Romanian and English that callers may have chosen. */
  readonly further: readonly FurtherLanguage[]
  /** Their place in the document. */
  readonly at: string
  readonly faults: Faults
  readonly change: (texts: Words[]) => void
}

/** The queue's own announcements, in the order in which they are heard. */
export function TextList({ texts, further, at, faults, change }: TextListProps) {
  const { t } = useTranslation()
  const list = useRef<HTMLDivElement>(null)
  // The control that has the focus after a change of the list.
  const focused = useRef<string | null>(null)
  // With every painting: the control is there once the list has changed.
  useEffect(() => {
    if (focused.current === null) return
    list.current?.querySelector<HTMLElement>(focused.current)?.focus()
    focused.current = null
  })
  const put = (next: Words[], focus: string): void => {
    focused.current = focus
    change(next)
  }
  const isFull = texts.length === announcementTextsMax
  return (
    <div ref={list} className={styles['part']}>
      {texts.map((words, index) => (
        <Fieldset
          key={index}
          legend={t('configuration.texts.nth', { nth: index + 1 })}
          className={styles['part'] ?? ''}
          data-text={index}
        >
          <TextFields
            at={`${at}[${index}]`}
            words={words}
            maxLength={announcementTextMax}
            further={further}
            hintOther={t('configuration.texts.otherHint')}
            faults={faults}
            change={(typed) => change(replaced(texts, index, typed))}
          />
          <div className={styles['adds']}>
            {texts.length > 1 && (
              <RaiseButton
                isFirst={index === 0}
                raise={() => put(raised(texts, index), `[data-text="${index - 1}"] [data-action=raise-text]`)}
                action="raise-text"
                size="compact-sm"
              />
            )}
            <Button
              variant="default"
              size="compact-sm"
              onClick={() => put(without(texts, index), '[data-action=add-text]')}
              data-action="remove-text"
            >
              {t('configuration.texts.remove')}
            </Button>
          </div>
        </Fieldset>
      ))}
      <div className={styles['adds']}>
        <Button
          variant="light"
          size="compact-sm"
          onClick={() => !isFull && put([...texts, { ro: '' }], `[data-text="${texts.length}"] textarea`)}
          {...unavailable(isFull)}
          title={isFull ? t('configuration.texts.isFull') : undefined}
          data-action="add-text"
        >
          {t('configuration.texts.add')}
        </Button>
      </div>
    </div>
  )
}
