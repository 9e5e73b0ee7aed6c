import { Button, Checkbox, NativeSelect, Textarea } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { completeList } from '../../../core/complete-list.ts'
import type { RequestForm as Form } from '../../../http/requests/wire.ts'
import { fieldProblems } from '../../shared/field-problems.ts'
import { useStore } from '../../shared/store.ts'
import { ariaChord } from '../keys/chords.ts'
import { useKey } from '../keys/use-keys.ts'
import { focusUnlessTyping } from '../work/focus-unless-typing.ts'
import { usePaneAction } from '../work/pane-actions.ts'
import { CategoryField } from './category-field.tsx'
import { discardDraft, type Draft } from './drafts.ts'
import { DraftOrigin } from './draft-origin.tsx'
import { documentDay, documentNumber, lateAnswer } from './late-answer.ts'
import { OwnFields } from './own-fields.tsx'
import { DocumentFields } from './document-fields.tsx'
import { setNameless } from './petitioner.ts'
import { PersonFields } from './person-fields.tsx'
import { FormProblem } from '../../requests/form-problem.tsx'
import { SimilarRequests } from './similar-requests.tsx'
import { StreetFields } from './street-fields.tsx'
import { useCategory } from '../../requests/use-requests.ts'
import { useRegister } from './use-register.ts'
import { shown } from './shown-request.ts'
import styles from '../../requests/requests.module.css'

const kinds = completeList<Form['kind']>()(['notice', 'complaint', 'request', 'suggestion', 'proposal'])

/** Fields that mend an error of the key: alternatives to it, or its name in the draft. */
const together = {
  'person.phone': ['person.phone', 'person.email', 'person.address.street'],
  'elsewhere.number': [`fields.${documentNumber}`],
  'elsewhere.day': [`fields.${documentDay}`],
}

/** The form of a request, saved on the server as it is typed. */
export function RequestForm({ draft }: { readonly draft: Draft }) {
  const { t } = useTranslation()
  const saved = useStore(draft.form.store)
  const form = saved.value
  const category = useCategory(form.category)
  const key = useKey('save')
  const [joinTo, setJoinTo] = useState<string | null>(null)
  const change = (part: Partial<Form>): void => {
    const next = { ...form, ...part }
    // A new category or street invalidates the similar request that was chosen.
    if (next.category !== form.category || next.place.street !== form.place.street) setJoinTo(null)
    draft.form.change(next)
  }
  const { register, busy, refused } = useRegister(draft, joinTo)
  const problems = fieldProblems(refused, form, { prefix: 'form.', together })
  const problem = (field: string): string | null => {
    const what = problems.get(field)
    return what === undefined ? null : t('requests.needed', { what })
  }
  const box = useRef<HTMLFormElement>(null)
  useEffect(() => {
    const first = box.current?.querySelector<HTMLElement>('[aria-invalid=true]')
    if (refused !== null && first != null) focusUnlessTyping(first)
  }, [refused])
  usePaneAction('save', true, register)
  const nameless = form.person === null

  return (
    <form
      ref={box}
      className={styles['form']}
      aria-label={t('requests.form')}
      onSubmit={(event) => event.preventDefault()}
      data-saves-here
      data-request-form
    >
      <DraftOrigin draft={draft} />
      <div className={styles['row']} data-columns="kind">
        <NativeSelect
          label={t('requests.kind')}
          value={form.kind}
          onChange={(event) =>
            change({ kind: kinds.find((kind) => kind === event.currentTarget.value) ?? 'notice' })
          }
          data={kinds.map((kind) => ({ value: kind, label: t(`requests.kinds.${kind}`) }))}
        />
        <CategoryField form={form} change={change} error={problem('category')} />
      </div>
      {form.category === lateAnswer && <DocumentFields form={form} change={change} problem={problem} />}
      {category !== undefined && (
        <OwnFields category={category} form={form} change={change} problem={problem} />
      )}
      {(category === undefined || category.place || form.place.street !== '') && (
        <StreetFields
          label={t('requests.place')}
          address={form.place}
          change={(place) => change({ place })}
          name="place"
          error={problem('place.street')}
        />
      )}
      <SimilarRequests form={form} call={draft.call} joinTo={joinTo} choose={setJoinTo} />
      <Textarea
        label={t('requests.text')}
        placeholder={t('requests.textHint')}
        value={form.text}
        onChange={(event) => change({ text: event.currentTarget.value })}
        rows={3}
        maxLength={8_000}
        error={problem('text')}
        data-text
      />
      {category?.anonymous === true && (
        <Checkbox
          size="sm"
          label={t('requests.nameless')}
          checked={nameless}
          error={problem('person')}
          onChange={() => setNameless(draft.form, !nameless)}
          data-nameless
        />
      )}
      {form.person !== null && (
        <PersonFields person={form.person} change={(person) => change({ person })} problem={problem} />
      )}
      <div className={styles['foot']}>
        <FormProblem error={refused?.error ?? null} left={problems.size} />
        <div className={styles['end']}>
          <Button
            onClick={register}
            aria-busy={busy}
            aria-keyshortcuts={ariaChord(key)}
            data-action="register"
            rightSection={<span className={styles['key']}>{key}</span>}
          >
            {joinTo === null ? t('requests.register') : t('requests.registerJoined')}
          </Button>
          <Button
            variant="subtle"
            onClick={() => {
              shown.set(null)
              void discardDraft(draft)
              // The button that undoes it is there after the next paint.
              requestAnimationFrame(() =>
                document.querySelector<HTMLElement>('[data-action=bring-back]')?.focus(),
              )
            }}
            data-action="discard"
          >
            {t('requests.throwAway')}
          </Button>
          <output className={styles['kept']} data-kept={saved.status}>
            {t(saved.status === 'failed' ? 'requests.notKept' : 'requests.kept')}
          </output>
        </div>
      </div>
    </form>
  )
}
