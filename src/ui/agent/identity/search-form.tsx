import { Button, TextInput } from '@mantine/core'
import { useEffect, useRef, type FormEvent, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { beginTyping, search } from './check-desk.ts'
import styles from './identity.module.css'

interface SearchFormProps {
  readonly noMatch: boolean
}

/**
 * Name, address and number as the caller gives them; Enter moves to the next field and submits from the last
 * one.
 */
export function SearchForm({ noMatch }: SearchFormProps) {
  const { t } = useTranslation()
  const form = useRef<HTMLFormElement>(null)
  const isTyping = useRef(false)
  // The caller hears only that nothing matches; the agent asks for the number once more.
  useEffect(() => {
    if (noMatch) form.current?.querySelector<HTMLInputElement>('[name=identifier]')?.select()
  }, [noMatch])

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const given = new FormData(event.currentTarget)
    const text = (name: string): string => {
      const value = given.get(name)
      return typeof value === 'string' ? value.trim() : ''
    }
    isTyping.current = false
    void search({ name: text('name'), address: text('address'), identifier: text('identifier') })
  }

  function advance(event: KeyboardEvent<HTMLInputElement>): void {
    if (!isTyping.current) beginTyping()
    isTyping.current = true
    if (event.key !== 'Enter' || event.ctrlKey) return
    const fields = [...(form.current?.querySelectorAll('input') ?? [])]
    const next = fields
      .slice(fields.indexOf(event.currentTarget) + 1)
      .find((field) => field.value.trim() === '')
    if (next === undefined) return
    event.preventDefault()
    next.focus()
  }

  return (
    <form ref={form} onSubmit={submit} className={styles['form']} autoComplete="off">
      <h3 className={styles['title']}>{t('identity.search.title')}</h3>
      <TextInput
        name="name"
        onKeyDown={advance}
        label={t('identity.search.name')}
        required
        maxLength={200}
        autoComplete="off"
        data-search
      />
      <TextInput
        name="address"
        onKeyDown={advance}
        label={t('identity.search.address')}
        placeholder={t('identity.search.addressHint')}
        required
        maxLength={300}
        autoComplete="off"
      />
      <TextInput
        name="identifier"
        onKeyDown={advance}
        label={t('identity.search.identifier')}
        placeholder={t('identity.search.identifierHint')}
        required
        maxLength={40}
        autoComplete="off"
        inputMode="numeric"
        className={styles['number'] ?? ''}
      />
      <div className={styles['buttons']}>
        <Button type="submit" data-action="search-person">
          {t('identity.search.submit')}
        </Button>
      </div>
      <output className={styles['verdict']} data-bad={noMatch}>
        {noMatch && t('identity.search.noMatch')}
      </output>
      {noMatch && <p className={styles['note']}>{t('identity.search.noMatchNote')}</p>}
    </form>
  )
}
