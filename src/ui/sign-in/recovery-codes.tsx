import { Button } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFocus } from '../shared/use-focus.ts'
import { secretNoted, secretShown, useHeldUntilNoted } from '../shared/unsaved/shown-once.ts'
import styles from './factors.module.css'

interface RecoveryCodesProps {
  readonly codes: readonly string[]
  readonly kept: () => void
}

export function RecoveryCodes({ codes, kept }: RecoveryCodesProps) {
  const { t } = useTranslation()
  const panel = useRef<HTMLElement>(null)
  const first = useFocus<HTMLButtonElement>()
  const held = useHeldUntilNoted(panel)
  useEffect(() => {
    if (held > 0) first.current?.focus()
  }, [held, first])
  useEffect(() => {
    secretShown()
    return secretNoted
  }, [])
  const [copied, setCopied] = useState(false)
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(codes.join('\n')).then(
      () => setCopied(true),
      // Without the right to the clipboard the codes can still be selected or written down.
      () => undefined,
    )
  }
  return (
    <section className={styles['factors']} aria-labelledby="recovery-codes" data-recovery-codes ref={panel}>
      <h2 id="recovery-codes">{t('signIn.factors.codes')}</h2>
      <p className={styles['lead']}>{t('signIn.factors.codesLead')}</p>
      <ul className={styles['codes']}>
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <div className={styles['row']}>
        <Button variant="default" onClick={() => void copy()}>
          {t('signIn.factors.codesCopy')}
        </Button>
        <Button onClick={kept} data-action="codes-kept" ref={first}>
          {t('signIn.factors.codesKept')}
        </Button>
        <output>{copied && t('signIn.factors.codesCopied')}</output>
        <span role="alert" className={styles['held']}>
          {held > 0 && t('common.unsaved.codeFirst')}
        </span>
      </div>
    </section>
  )
}
