import { Button } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { secretNoted, secretShown, useHeldUntilNoted } from '../../shared/unsaved/shown-once.ts'
import { useFocus } from '../../shared/use-focus.ts'
import type { MadeSecret } from './use-receivers.ts'
import admin from '../admin.module.css'

interface SecretPanelProps {
  readonly made: MadeSecret
  readonly noted: () => void
}

/** The secret that signs the messages to a receiver; it cannot be shown again, and stays until it is noted. */
export function SecretPanel({ made: { name, secret }, noted }: SecretPanelProps) {
  const { t } = useTranslation()
  const [isCopied, setCopied] = useState(false)
  const panel = useRef<HTMLElement>(null)
  const held = useHeldUntilNoted(panel)
  // The heading takes the focus: a second Enter meant for the form before must not confirm the secret.
  const title = useFocus<HTMLHeadingElement>()
  useEffect(() => {
    secretShown()
    return secretNoted
  }, [])
  return (
    <section className={admin['form']} aria-labelledby="made-secret" ref={panel} data-made-secret>
      <h2 id="made-secret" tabIndex={-1} ref={title}>
        {t('webhooks.secretOf', { name })}
      </h2>
      <output>
        <dl className={admin['secret']}>
          <dt>{t('webhooks.secret')}</dt>
          <dd className={admin['code']} data-secret>
            {secret}
          </dd>
        </dl>
        <p className={admin['quiet']}>{t('webhooks.secretOnce')}</p>
      </output>
      {window.isSecureContext && (
        <Button
          variant="default"
          onClick={() => void navigator.clipboard.writeText(secret).then(() => setCopied(true))}
        >
          {t(isCopied ? 'webhooks.copied' : 'webhooks.copy')}
        </Button>
      )}
      <p className={admin['held']} role="alert">
        {held > 0 && t('common.unsaved.codeFirst')}
      </p>
      <Button onClick={noted} data-action="secret-noted">
        {t('webhooks.noted')}
      </Button>
    </section>
  )
}
