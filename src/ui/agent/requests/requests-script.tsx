import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { RequestForm } from '../../../http/requests/wire.ts'
import { useStore } from '../../shared/store.ts'
import type { ScriptProps } from '../work/script-props.ts'
import { drafts, type Draft } from './drafts.ts'
import { NumbersToSay, useToSay } from './read-out/read-out.tsx'
import { shown } from './shown-request.ts'
import { useCategoryName } from '../../requests/use-requests.ts'
import styles from '../../requests/requests.module.css'

/** The script of this tab: the summary to read back before registration, then number, day and code. */
export function RequestsScript({ otherwise }: ScriptProps) {
  const here = useStore(shown)
  const begun = useStore(drafts)
  const toSay = useToSay()
  if (toSay !== undefined) return <NumbersToSay registered={toSay} />
  const draft = here?.kind === 'draft' && here.agreed ? begun.find(({ id }) => id === here.id) : undefined
  return draft === undefined ? otherwise : <ReadBack draft={draft} otherwise={otherwise} />
}

function ReadBack({ draft, otherwise }: { readonly draft: Draft; readonly otherwise: ReactNode }) {
  const { t, i18n } = useTranslation()
  const form = useStore(draft.form.store, (saved) => saved.value)
  const nameOf = useCategoryName()
  if (form.category === '' || form.text.trim() === '') return otherwise
  return (
    <div className={styles['readBack']}>
      <p className={styles['quietLine']}>{t('requests.readBack')}</p>
      <p>
        „{nameOf(form.category, i18n.language)}
        {placeOf(form)}. {form.text.trim()} {personOf(form)}
        {t('requests.isItRight')}”
      </p>
    </div>
  )
}

function placeOf({ place }: RequestForm): string {
  return place.street === '' ? '' : `, ${[place.street, place.number, place.more].filter(Boolean).join(' ')}`
}

function personOf({ person }: RequestForm): string {
  return person === null || person.name === '' ? '' : `${person.name}. `
}
