import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { SignInMethods } from '../../http/sign-in/wire.ts'
import { usesPasskeys } from './use-passkey.ts'
import styles from './sign-in.module.css'

interface OtherMethodsProps {
  readonly methods: SignInMethods
  readonly busy: boolean
  readonly usePasskey: () => void
}

/** The ways beside the password that exist in this installation and work in this browser. */
export function OtherMethods({ methods: { passkeysAt, provider }, busy, usePasskey }: OtherMethodsProps) {
  const { t } = useTranslation()
  const withPasskeys = usesPasskeys(passkeysAt)
  if (!withPasskeys && provider === null) return null
  return (
    <div className={styles.others}>
      <p className={styles.or}>{t('signIn.or')}</p>
      {provider !== null && (
        <Button component="a" href="/api/sign-in/provider" variant="default" fullWidth data-method="provider">
          {t('signIn.provider', { name: provider.name })}
        </Button>
      )}
      {provider !== null && !provider.answers && (
        <output>
          {t(provider.passwordsToo ? 'signIn.providerAwayAll' : 'signIn.providerAway', {
            name: provider.name,
          })}
        </output>
      )}
      {withPasskeys && (
        <Button variant="default" fullWidth disabled={busy} onClick={usePasskey} data-method="passkey">
          {t('signIn.passkey')}
        </Button>
      )}
    </div>
  )
}
