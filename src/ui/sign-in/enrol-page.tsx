import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Me } from '../../http/session/wire.ts'
import { useTitle } from '../shared/use-title.ts'
import { signOutAnyway } from '../shell/sign-out.ts'
import { Factors } from './factors.tsx'
import { LanguageSwitch } from './language-switch.tsx'
import card from '../shared/components/card-page.module.css'
import styles from './factors.module.css'

/** For an account whose role requires a second factor that it does not have yet: nothing else is possible. */
export function EnrolPage({ me }: { readonly me: Me }) {
  const { t } = useTranslation()
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
        <Button variant="subtle" color="gray" onClick={() => void signOutAnyway(me)}>
          {t('common.signOut')}
        </Button>
      </div>
    </main>
  )
}
