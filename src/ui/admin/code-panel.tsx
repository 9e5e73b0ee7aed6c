import { Button } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AccountWithCode } from '../../http/accounts/wire.ts'
import { shortDateTime } from '../shared/time/time.ts'
import { useFocus } from '../shared/use-focus.ts'
import { useHeldUntilNoted } from '../shared/unsaved/shown-once.ts'
import { WhatIsLeft } from './new-account/what-is-left.tsx'
import { codeNoted } from './issued-code.ts'
import styles from './admin.module.css'

interface CodePanelProps {
  readonly issued: AccountWithCode
}

/** An activation code, or one half of it; it cannot be shown again, and stays until it is noted. */
export function CodePanel({ issued: { account, activation } }: CodePanelProps) {
  const { t, i18n } = useTranslation()
  const panel = useRef<HTMLElement>(null)
  const noted = useRef<HTMLButtonElement>(null)
  const held = useHeldUntilNoted(panel)
  // The heading takes the focus: a second Enter meant for the form before must not confirm the code.
  const title = useFocus<HTMLHeadingElement>()
  useEffect(() => {
    if (held > 0) noted.current?.focus()
  }, [held])
  const { code, half, expiresAt } = activation
  const at = expiresAt === null ? '' : shortDateTime(expiresAt, i18n.language)
  const opensAt = t('admin.accounts.opensAt', {
    address: window.location.origin,
    link: t('myAccount.activate.haveCode'),
  })
  const kind = half ? (expiresAt === null ? 'firstHalf' : 'secondHalf') : 'whole'
  return (
    <section className={styles['form']} aria-labelledby="issued" data-issued={account.username} ref={panel}>
      <h2 id="issued" tabIndex={-1} ref={title}>
        {t('admin.accounts.codeFor', { name: account.name })}
      </h2>
      <output>
        <p className={styles['quiet']}>
          {t(`admin.accounts.${kind}`, { at })}
          {kind !== 'firstHalf' && ` ${opensAt}`}
        </p>
        <dl className={styles['secret']}>
          <dt>{t('admin.accounts.username')}</dt>
          <dd>{account.username}</dd>
          <dt>{t('admin.accounts.code')}</dt>
          <dd className={styles['code']} data-code>
            {code}
          </dd>
        </dl>
        <p className={styles['quiet']}>{t('admin.accounts.seen')}</p>
      </output>
      {!half && <CopyLink link={`${window.location.origin}/activate#${code}`} />}
      <p className={styles['held']} role="alert">
        {held > 0 && t('common.unsaved.codeFirst')}
      </p>
      <Button onClick={codeNoted} ref={noted} data-action="code-noted">
        {t('admin.accounts.handed')}
      </Button>
      <WhatIsLeft account={account} />
    </section>
  )
}

/** The code is in the fragment, which no server and no log sees. Without a secure context there is no clipboard. */
function CopyLink({ link }: { readonly link: string }) {
  const { t } = useTranslation()
  const [copied, setCopied] = useState(false)
  if (!window.isSecureContext) return null
  return (
    <Button
      variant="default"
      onClick={() => void navigator.clipboard.writeText(link).then(() => setCopied(true))}
    >
      {t(copied ? 'admin.accounts.copied' : 'admin.accounts.copyLink')}
    </Button>
  )
}
