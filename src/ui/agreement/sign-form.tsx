import { Button, TextInput } from '@mantine/core'
import { useId, useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { MyAgreement } from '../../http/agreement/wire.ts'
import { api, Problem } from '../shared/server/api.ts'
import { problemOf, problemText } from '../shared/server/problem-text.ts'
import { acceptText } from '../shared/unsaved/kept-values.ts'
import { useKept } from '../shared/unsaved/use-kept.ts'
import { focusFirstWrong } from '../shared/use-focus.ts'
import { AgreementText } from './agreement-text.tsx'
import { useKeepAgreement } from './agreement-query.ts'
import styles from './agreement.module.css'

/** The signature form, shown once for each version of the text. */
export function SignForm({ agreement }: { readonly agreement: MyAgreement }) {
  const { t } = useTranslation()
  const keep = useKeepAgreement()
  // Several tabs of the desk can show the form at the same time, so the id must be unique.
  const title = useId()
  const typed = useKept({ name: 'signature', basis: '', initial: '', accept: acceptText, where: 'tab' })
  const name = typed.value
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const [missing, setMissing] = useState(false)
  const differs = problemOf(error, 'name-differs', t)

  async function sign(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    if (busy) return
    const form = event.currentTarget
    if (name.trim() === '') {
      setMissing(true)
      return focusFirstWrong(form)
    }
    setBusy(true)
    try {
      const signed = await api<MyAgreement>('POST', '/me/agreement', { digest: agreement.digest, name })
      typed.sent()
      keep(signed)
    } catch (refused) {
      setError(refused)
      // A newer text has replaced this one; the typed name stays.
      if (refused instanceof Problem && refused.code === 'agreement-changed') keep(null)
      focusFirstWrong(form)
    }
    setBusy(false)
  }

  return (
    <section className={styles['sign']} aria-labelledby={title} data-agreement="unsigned">
      <header className={styles['head']}>
        <h2 id={title}>{t('agreement.title')}</h2>
        <p>{agreement.signedBefore ? t('agreement.changed') : t('agreement.why')}</p>
      </header>
      <AgreementText text={agreement.text} />
      <form className={styles['form']} onSubmit={(event) => void sign(event)} noValidate>
        <TextInput
          label={t('agreement.name')}
          name="name"
          value={name}
          onChange={(event) => {
            typed.change(event.currentTarget.value)
            setMissing(false)
            setError(null)
          }}
          error={missing ? t('agreement.nameMissing') : differs}
          autoComplete="off"
          maxLength={200}
          required
        />
        <Button type="submit" data-action="sign" aria-busy={busy}>
          {t('agreement.sign')}
        </Button>
        <p className={styles['note']}>{error === null && t('agreement.onRecord')}</p>
        <p className={styles['problem']} role="alert">
          {error === null || differs !== null ? '' : problemText(error, t)}
        </p>
      </form>
    </section>
  )
}
