import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Me } from '../../http/session/wire.ts'
import { useTitle } from '../shared/use-title.ts'
import { placeOfSecret } from '../shared/unsaved/shown-once.ts'
import { signOutAnyway } from '../shell/sign-out.ts'
import { UnfinishedDialog } from '../shell/unfinished-dialog.tsx'
import { Factors } from './factors.tsx'
import { LanguageSwitch } from './language-switch.tsx'
import card from '../shared/components/card-page.module.css'
import styles from './factors.module.css'

/** For an account whose role requires a second factor that it does not have yet: nothing else is possible. */
export function EnrolPage({ me }: { readonly me: Me }) {
  const { t } = useTranslation()
  const [asking, setAsking] = useState(false)
  const leave = async (): Promise<void> => {
    // No draft can be unsaved here: the other pages are not open yet.
    if (placeOfSecret() === null) await signOutAnyway(me)
    else setAsking(true)
  }
  useTitle(`${t('signIn.factors.enrolTitle')} · ${t('common.product')}`)
  return (
    <main className={card['page']}>
      <div className={card['corner']}>
        <LanguageSwitch />
      </div>
      <div className={styles['card']}>
        <h1>{t('signIn.factors.enrolTitle')}</h1>
        <p className={styles['lead']}>{t('signIn.factors.enrolLead')}</p>
        <p className={styles['lead']}>{t('signIn.factors.lead')}</p>
        <Factors />
        <Button variant="subtle" color="gray" onClick={() => void leave()}>
          {t('common.signOut')}
        </Button>
        <UnfinishedDialog of={asking ? 'code' : null} close={() => setAsking(false)} />
      </div>
    </main>
  )
}
