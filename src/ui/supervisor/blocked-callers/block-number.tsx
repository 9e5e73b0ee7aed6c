import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../shared/components/dialog.tsx'
import { spokenNumber } from '../../shared/phone-number.ts'
import { isSupervisor, useMe } from '../../shared/server/me.ts'
import { BlockForm } from './block-form.tsx'
import styles from './blocked-callers.module.css'

/** On a call's page, for supervisors. */
export function BlockNumber({ number }: { readonly number: string }) {
  const { t } = useTranslation()
  const me = useMe()
  const [opened, setOpened] = useState(false)
  const [isBlocked, setBlocked] = useState(false)
  if (!isSupervisor(me)) return null
  return (
    <>
      <Button variant="default" size="compact-sm" onClick={() => setOpened(true)} data-action="block-number">
        {t('blockedCallers.blockNumber')}
      </Button>
      <output className={styles['told']}>{isBlocked && t('blockedCallers.done')}</output>
      <Dialog
        opened={opened}
        close={() => setOpened(false)}
        title={t('blockedCallers.blockTitle', { number: spokenNumber(number) })}
        width={520}
      >
        <p className={styles['quiet']}>{t('blockedCallers.about')}</p>
        <BlockForm
          number={number}
          blocked={() => {
            setBlocked(true)
            setOpened(false)
          }}
        />
      </Dialog>
    </>
  )
}
