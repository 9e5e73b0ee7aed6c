import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useStore } from '../../shared/store.ts'
import { showDraft } from './begin-request.ts'
import { moveDraft, type Draft } from './drafts.ts'
import { useOrigin } from './draft-origin.tsx'
import type { Caller } from './petitioner.ts'
import styles from '../../requests/requests.module.css'

interface DraftOfAnotherProps {
  readonly draft: Draft
  readonly call: string
  /** Blank while the phone only rings. */
  readonly caller: Caller
}

/** Asks before the draft of another call is opened in this one. It can become this call's for the same number only. */
export function DraftOfAnother({ draft, call, caller }: DraftOfAnotherProps) {
  const { t } = useTranslation()
  const phone = useStore(draft.form.store, (saved) => saved.value.person?.phone ?? '')
  const origin = useOrigin(draft)
  const open = (): void => showDraft(draft)
  const sameNumber = phone !== '' && phone === caller.phone
  return (
    <section className={styles['askFirst']} aria-label={t('requests.draft')} data-ask-first>
      <p>{t(draft.call === null ? 'requests.origin.none' : 'requests.origin.another')}</p>
      <p className={styles['quietLine']}>{origin}</p>
      <div className={styles['end']}>
        {sameNumber && (
          <Button
            onClick={() => {
              moveDraft(draft.id, call)
              open()
            }}
            data-action="go-on-here"
          >
            {t('requests.origin.goOnHere')}
          </Button>
        )}
        <Button variant="default" onClick={open} data-action="open-another">
          {t('requests.origin.open')}
        </Button>
      </div>
    </section>
  )
}
