import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useTitle } from '../shared/use-title.ts'
import { useMe } from '../shared/server/me.ts'
import { methodsQuery } from './use-passkey.ts'
import { Factors } from './factors.tsx'
import styles from './factors.module.css'

/** One's own passkeys and authenticator apps. */
export function FactorsPage() {
  const { t } = useTranslation()
  const me = useMe()
  const provider = useQuery(methodsQuery).data?.provider ?? null
  useTitle(`${t('signIn.factors.title')} · ${t('common.product')}`)
  return (
    <div className={styles['page']}>
      <h1>{t('signIn.factors.title')}</h1>
      <p className={styles['lead']}>{t('signIn.factors.lead')}</p>
      <Factors />
      {provider !== null && !me.throughProvider && (
        <Button component="a" href="/api/sign-in/provider/link" variant="default" mt="md" data-action="link">
          {t('signIn.factors.provider', { name: provider.name })}
        </Button>
      )}
    </div>
  )
}
