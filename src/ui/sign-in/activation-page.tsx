import { Anchor, Button, PasswordInput, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { passwordLengthMin, type OpenedActivation } from '../../http/my-account/wire.ts'
import { api, Problem } from '../shared/server/api.ts'
import { problemText } from '../shared/server/problem-text.ts'
import { shortDateTime } from '../shared/time/time.ts'
import { useFocus } from '../shared/use-focus.ts'
import { useTitle } from '../shared/use-title.ts'
import { Mark } from '../shell/mark.tsx'
import { LanguageSwitch } from './language-switch.tsx'
import { passkeyAnswer, usesPasskeys } from './use-passkey.ts'
import styles from './sign-in.module.css'
import card from '../shared/components/card-page.module.css'

interface Step {
  readonly code: string
  readonly opened: OpenedActivation
}

/** A public page: an activation code, then the password that its owner chooses. */
export function ActivationPage() {
  const { t } = useTranslation()
  const [step, setStep] = useState<Step | null>(null)
  /** The user name of the account whose password is set. */
  const [done, setDone] = useState<string | null>(null)
  useTitle(t('myAccount.activate.title'))
  return (
    <main className={card['page']} id="work">
      <div className={card['corner']}>
        <LanguageSwitch />
      </div>
      <div className={styles.box}>
        <h1 className={styles.title}>
          <Mark size={32} />
          {t('myAccount.activate.title')}
        </h1>
        {done !== null ? (
          <>
            <output>
              <p className={styles.lead}>{t('myAccount.activate.done', { username: done })}</p>
            </output>
            <Button component="a" href="/sign-in" fullWidth size="md" data-done>
              {t('myAccount.activate.toSignIn')}
            </Button>
          </>
        ) : step === null ? (
          <CodeForm opened={setStep} />
        ) : (
          <PasswordForm step={step} done={() => setDone(step.opened.username)} />
        )}
        {done === null && (
          <p className={styles.more}>
            <Anchor href="/sign-in">{t('myAccount.activate.toSignIn')}</Anchor>
          </p>
        )}
      </div>
    </main>
  )
}

/** Opening waits for the button: a program that only looks at links must not bind the code. */
function CodeForm({ opened }: { readonly opened: (step: Step) => void }) {
  const { t } = useTranslation()
  const field = useFocus<HTMLInputElement>()
  const open = useMutation({
    mutationFn: (code: string) => api<OpenedActivation>('POST', '/activation', { code }),
    onSuccess: (answer, code) => {
      // Out of the address, which stays in the history of a shared computer.
      history.replaceState(history.state, '', '/activate')
      opened({ code, opened: answer })
    },
  })

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const code = new FormData(event.currentTarget).get('code')
    open.mutate(typeof code === 'string' ? code : '')
  }

  return (
    <form className={styles.form} onSubmit={submit}>
      <p className={styles.lead}>{t('myAccount.activate.lead')}</p>
      <TextInput
        label={t('myAccount.activate.code')}
        name="code"
        ref={field}
        defaultValue={decodeURIComponent(window.location.hash.slice(1))}
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
        maxLength={100}
        required
      />
      <p className={styles.problem} role="alert">
        {open.error === null ? '' : problemText(open.error, t)}
      </p>
      <Button type="submit" size="md" fullWidth disabled={open.isPending}>
        {t('myAccount.activate.open')}
      </Button>
    </form>
  )
}

function PasswordForm({ step, done }: { readonly step: Step; readonly done: () => void }) {
  const { t, i18n } = useTranslation()
  const { code, opened } = step
  const first = useFocus<HTMLInputElement>()
  const { factor } = opened
  const withPasskey = factor !== null && usesPasskeys(factor.passkeysAt)

  /** The second factor, where one is asked for: the typed code, or a passkey. Null: the person cancelled it. */
  async function shownFactor(form: FormData): Promise<object | null> {
    if (factor === null) return {}
    const factorCode = form.get('factorCode')
    if (typeof factorCode === 'string' && factorCode.trim() !== '') return { factorCode }
    if (!withPasskey) return {}
    const passkey = await passkeyAnswer('/activation/passkey/options')
    return passkey === null ? null : { passkey }
  }

  const activate = useMutation({
    mutationFn: async (form: FormData) => {
      const password = form.get('password')
      if (password !== form.get('again'))
        throw new Problem(0, 'passwords-differ', t('myAccount.activate.differ'))
      const shown = await shownFactor(form)
      if (shown === null) throw new Problem(0, 'passkey-cancelled', t('myAccount.activate.passkeyCancelled'))
      await api('POST', '/activation/password', { code, password, ...shown })
    },
    onSuccess: done,
  })

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    activate.mutate(new FormData(event.currentTarget))
  }

  return (
    <form className={styles.form} onSubmit={submit} data-activating>
      <p className={styles.lead}>
        {t('myAccount.activate.welcome', { name: opened.name })}
        <br />
        {t('myAccount.activate.account', { username: opened.username })}
        <br />
        {t('myAccount.activate.bound', { at: shortDateTime(opened.expiresAt, i18n.language) })}{' '}
        {opened.reset && t('myAccount.activate.reset')}
      </p>
      {/* For the browser's password manager. */}
      <input type="hidden" name="username" autoComplete="username" value={opened.username} />
      <PasswordInput
        label={t('myAccount.activate.password')}
        description={t('myAccount.activate.rules')}
        name="password"
        autoComplete="new-password"
        minLength={passwordLengthMin}
        ref={first}
        required
      />
      <PasswordInput
        label={t('myAccount.activate.again')}
        name="again"
        autoComplete="new-password"
        required
      />
      {factor !== null && (
        <TextInput
          label={t('signIn.code')}
          description={t(withPasskey ? 'myAccount.activate.factorOrPasskey' : 'myAccount.activate.factor')}
          name="factorCode"
          autoComplete="one-time-code"
          maxLength={40}
          required={!withPasskey}
        />
      )}
      <p className={styles.problem} role="alert">
        {activate.error === null ? '' : problemText(activate.error, t)}
      </p>
      <Button type="submit" size="md" fullWidth disabled={activate.isPending}>
        {t('myAccount.activate.set')}
      </Button>
    </form>
  )
}
