import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useStore } from '../../shared/store.ts'
import { useDeskState } from '../use-desk.ts'
import { showDraft } from './begin-request.ts'
import { moveDraft, type Caller, type Draft } from './drafts.ts'
import { useOrigin } from './draft-origin.tsx'
import styles from '../../requests/requests.module.css'

interface DraftOfAnotherProps {
  readonly draft: Draft
  readonly call: string
  readonly caller: Caller
}

/** Asks before the draft of another call is opened in this one. It can become this call's for the same number only. */
export function DraftOfAnother({ draft, call, caller }: DraftOfAnotherProps) {
  const { t } = useTranslation()
  const phone = useStore(draft.form.store, (saved) => saved.value.person?.phone ?? '')
  const origin = useOrigin(draft)
  const open = (): void => showDraft(draft)
  // An offered call may still go to another agent.
  const rings = useDeskState().name === 'ringing'
  const sameNumber = !rings && phone !== '' && phone === caller.phone
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
