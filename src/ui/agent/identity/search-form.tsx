import { Button, TextInput } from '@mantine/core'
import { useEffect, useRef, useState, type FormEvent, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { wrongFieldsOf } from '../../shared/field-problems.ts'
import { focusFirstWrong } from '../../shared/use-focus.ts'
import { focusUnlessTyping } from '../work/focus-unless-typing.ts'
import { beginTyping, search } from './check-desk.ts'
import styles from './identity.module.css'

interface SearchFormProps {
  readonly noMatch: boolean
  /** Why the last search was refused; null: it was not. */
  readonly problem: unknown
}

const fields = ['name', 'address', 'identifier'] as const
type Field = (typeof fields)[number]

/**
 * Name, address and number as the caller gives them; Enter moves to the next field and submits from the last
 * one.
 */
export function SearchForm({ noMatch, problem }: SearchFormProps) {
  const { t } = useTranslation()
  const form = useRef<HTMLFormElement>(null)
  const isTyping = useRef(false)
  const [wrong, setWrong] = useState<readonly Field[]>([])
  const [seen, setSeen] = useState<unknown>(null)
  if (problem !== seen) {
    setSeen(problem)
    const refused = wrongFieldsOf(problem).map(({ field }) => field)
    setWrong(fields.filter((field) => refused.includes(field)))
  }
  // The form appears by itself, and again after a check that has failed.
  useEffect(() => {
    const first = form.current?.querySelector('input') ?? null
    if (document.activeElement === document.body) focusUnlessTyping(first)
  }, [])
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
    const said = { name: text('name'), address: text('address'), identifier: text('identifier') }
    const missing = fields.filter((field) => said[field] === '')
    setWrong(missing)
    if (missing.length > 0) return focusFirstWrong(event.currentTarget)
    isTyping.current = false
    void search(said)
  }

  function advance(event: KeyboardEvent<HTMLInputElement>): void {
    if (!isTyping.current) beginTyping()
    isTyping.current = true
    if (event.key !== 'Enter' || event.ctrlKey) return
    const inputs = [...(form.current?.querySelectorAll('input') ?? [])]
    const next = inputs
      .slice(inputs.indexOf(event.currentTarget) + 1)
      .find((field) => field.value.trim() === '')
    if (next === undefined) return
    event.preventDefault()
    next.focus()
  }

  const field = (name: Field) => ({
    name,
    onKeyDown: advance,
    onChange: () => setWrong((before) => before.filter((one) => one !== name)),
    label: t(`identity.search.${name}`),
    error: wrong.includes(name) ? t(`identity.search.needed.${name}`) : null,
    required: true,
    autoComplete: 'off',
  })

  return (
    <form ref={form} onSubmit={submit} className={styles['form']} autoComplete="off" noValidate>
      <h3 className={styles['title']}>{t('identity.search.title')}</h3>
      <TextInput {...field('name')} maxLength={200} data-search />
      <TextInput {...field('address')} placeholder={t('identity.search.addressHint')} maxLength={300} />
      <TextInput
        {...field('identifier')}
        placeholder={t('identity.search.identifierHint')}
        maxLength={40}
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
