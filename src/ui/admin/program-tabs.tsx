import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { usePathname } from 'wouter/use-browser-location'
import styles from './admin.module.css'

/** The two pages about other programs: those that ask, and those that are told. */
export function ProgramTabs() {
  const { t } = useTranslation()
  const path = usePathname()
  const pages = [
    { href: '/programs', label: t('admin.programs.tab') },
    { href: '/programs/webhooks', label: t('webhooks.tab') },
  ]
  return (
    <nav className={styles['tabs']} aria-label={t('admin.programs.title')}>
      {pages.map(({ href, label }) => (
        <Link key={href} href={href} aria-current={href === path ? 'page' : undefined}>
          {label}
        </Link>
      ))}
    </nav>
  )
}
