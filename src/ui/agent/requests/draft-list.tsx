import { useTranslation } from 'react-i18next'
import { useStore } from '../../shared/store.ts'
import halves from '../work/halves.module.css'
import { showDraft } from './begin-request.ts'
import { bringBack, discarded, type Draft } from './drafts.ts'
import { useOrigin } from './draft-origin.tsx'
import { shown } from './shown-request.ts'
import { useCategoryName } from '../../requests/use-requests.ts'
import styles from '../../requests/requests.module.css'

interface DraftListProps {
  readonly drafts: readonly Draft[]
  /** The call on the desk. */
  readonly call: string | null
}

/** The drafts, which have no number yet; those of another call than `call` say so. */
export function DraftList({ drafts, call }: DraftListProps) {
  const { t } = useTranslation()
  const back = useStore(discarded)
  if (drafts.length === 0 && back === null) return null
  return (
    <>
      <h3 className={halves['heading']}>{t('requests.drafts')}</h3>
      <ul className={halves['list']}>
        {drafts.map((draft) => (
          <DraftRow key={draft.id} draft={draft} call={call} />
        ))}
      </ul>
      {back !== null && (
        <p className={styles['discarded']}>
          {t('requests.discarded')}
          <button
            type="button"
            onClick={() => {
              bringBack(back)
              if (call === null || back.call === call) showDraft(back)
              else shown.set({ kind: 'draft', id: back.id, agreed: false })
            }}
            data-action="bring-back"
          >
            {t('requests.bringBack')}
          </button>
        </p>
      )}
    </>
  )
}

interface DraftRowProps {
  readonly draft: Draft
  readonly call: string | null
}

function DraftRow({ draft, call }: DraftRowProps) {
  const { t, i18n } = useTranslation()
  const form = useStore(draft.form.store, (saved) => saved.value)
  const here = useStore(shown)
  const nameOf = useCategoryName()
  const origin = useOrigin(draft)
  const ofAnother = call !== null && draft.call !== call
  const name =
    form.category === ''
      ? form.categoryTyped || t('requests.noCategory')
      : nameOf(form.category, i18n.language)
  return (
    <li>
      <button
        type="button"
        aria-pressed={here?.kind === 'draft' && here.id === draft.id}
        onClick={() => shown.set({ kind: 'draft', id: draft.id, agreed: !ofAnother })}
        data-draft={ofAnother ? 'of another call' : 'of this call'}
      >
        <span className={styles['what']}>{name}</span>
        <span className={styles['quiet']}>{t('requests.draft')}</span>
        <span className={styles['more']}>
          {ofAnother ? origin : form.text === '' ? t('requests.noText') : beginning(form.text)}
        </span>
      </button>
    </li>
  )
}

const beginningMax = 60

/** The first words of a text, whole. */
function beginning(text: string): string {
  if (text.length <= beginningMax) return text
  const end = text.lastIndexOf(' ', beginningMax)
  return `${text.slice(0, end > 0 ? end : beginningMax)} …`
}
