import { NativeSelect, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { contactNameMax, contactNumberMax, type RegisteredContact } from '../../../http/contacts/wire.ts'
import { BusyButton } from '../../shared/components/busy-button.tsx'
import { ConfirmButton } from '../../shared/components/confirm-button.tsx'
import { unavailable } from '../../shared/components/unavailable.ts'
import { WhyNot } from '../../shared/components/why-not.tsx'
import { spokenNumber } from '../../shared/phone-number.ts'
import { Problem } from '../../shared/server/api.ts'
import { problemText } from '../../shared/server/problem-text.ts'
import { focusFirstWrong, useFocus } from '../../shared/use-focus.ts'
import { ContactHistory } from './contact-history.tsx'
import { fieldOf, type ContactField } from './contact-words.ts'
import { languagesFor } from './languages.ts'
import { useContactChanges } from './use-contact-register.ts'
import admin from '../admin.module.css'
import styles from './contacts.module.css'

interface ContactFormProps {
  /** Null: a new one. */
  readonly contact: RegisteredContact | null
  /** It has just been chosen or saved: the focus was in what is gone. */
  readonly takesFocus: boolean
  readonly done: (told: string, id: string) => void
}

/** A new contact, or one as it is now, with its history. */
export function ContactForm({ contact, takesFocus, done }: ContactFormProps) {
  const { t, i18n } = useTranslation()
  const { add, change, close } = useContactChanges()
  const shownNumber = contact === null ? '' : spokenNumber(contact.number)
  const [name, setName] = useState(contact?.name ?? '')
  const [number, setNumber] = useState(shownNumber)
  const [language, setLanguage] = useState(contact?.language ?? '')
  const sending = useMutation({ mutationFn: (work: () => Promise<void>) => work() })
  const { error: problem, isPending: isBusy } = sending
  const form = useRef<HTMLFormElement>(null)
  const title = useFocus<HTMLHeadingElement>(takesFocus)
  const languages = useMemo(() => languagesFor(i18n.language), [i18n.language])
  const isClosed = contact?.closed === true
  const isChanged = name !== contact?.name || number !== shownNumber || language !== (contact.language ?? '')
  const lacks =
    name.trim() === '' || number.trim() === ''
      ? t('contacts.lacks')
      : isChanged || isClosed
        ? null
        : t('contacts.unchanged')
  const wrongField = problem instanceof Problem ? fieldOf(problem.code) : null
  const errorOf = (field: ContactField): string | null =>
    field === wrongField ? problemText(problem, t) : null
  const typed = (set: (text: string) => void, field: ContactField) => (text: string) => {
    set(text)
    if (field === wrongField) sending.reset()
  }

  useEffect(() => {
    if (problem !== null && form.current !== null) focusFirstWrong(form.current)
  }, [problem])

  function run(work: () => Promise<void>): void {
    if (!isBusy) sending.mutate(work)
  }
  function save(event: FormEvent): void {
    event.preventDefault()
    if (lacks !== null) return
    const fields = {
      name: name.trim(),
      number: number.trim(),
      language: language === '' ? null : language,
    }
    run(async () => {
      if (contact === null) {
        const { id } = await add(fields)
        done(t('contacts.added', { name: fields.name }), id)
      } else {
        await change(contact.id, { ...fields, version: contact.version })
        done(t(isClosed ? 'contacts.opened' : 'contacts.saved', { name: fields.name }), contact.id)
      }
    })
  }
  return (
    <>
      <form className={admin['form']} onSubmit={save} ref={form} data-contact-form={contact?.id ?? ''}>
        <h2 ref={title} tabIndex={-1}>
          {contact === null ? t('contacts.newTitle') : contact.name}
        </h2>
        {isClosed && <p className={admin['quiet']}>{t('contacts.isClosed')}</p>}
        <TextInput
          label={t('contacts.name')}
          description={contact === null ? t('contacts.nameHint') : null}
          value={name}
          maxLength={contactNameMax}
          autoComplete="off"
          error={errorOf('name')}
          onChange={(event) => typed(setName, 'name')(event.currentTarget.value)}
          data-field="name"
        />
        <TextInput
          label={t('contacts.number')}
          description={t('contacts.numberHint')}
          value={number}
          maxLength={contactNumberMax}
          inputMode="tel"
          autoComplete="off"
          error={errorOf('number')}
          onChange={(event) => typed(setNumber, 'number')(event.currentTarget.value)}
          data-field="number"
        />
        <NativeSelect
          label={t('contacts.language')}
          value={language}
          data={[{ value: '', label: t('contacts.notInterpreter') }, ...languages]}
          error={errorOf('language')}
          onChange={(event) => typed(setLanguage, 'language')(event.currentTarget.value)}
          data-field="language"
        />
        <p className={admin['problem']} role="alert">
          {problem === null || wrongField !== null ? '' : problemText(problem, t)}
        </p>
        <WhyNot reason={lacks}>
          <BusyButton
            type="submit"
            loading={isBusy}
            {...unavailable(lacks !== null)}
            data-action="save-contact"
          >
            {t(contact === null ? 'contacts.add' : isClosed ? 'contacts.openAgain' : 'contacts.save')}
          </BusyButton>
        </WhyNot>
      </form>
      {contact !== null && (
        <>
          <div className={styles['ends']}>
            {!isClosed && (
              <ConfirmButton
                label={t('contacts.close')}
                question={t('contacts.closeSure', { name: contact.name })}
                yes={t('contacts.closeYes')}
                disabled={isBusy}
                act={() =>
                  run(async () => {
                    await close(contact)
                    done(t('contacts.closedNow', { name: contact.name }), contact.id)
                  })
                }
              />
            )}
          </div>
          <ContactHistory contact={contact} />
        </>
      )}
    </>
  )
}
