import { AppShell } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { usePathname } from 'wouter/use-browser-location'
import type { Me } from '../../http/session/wire.ts'
import {
  isAdministrator,
  isAgent,
  isAuditor,
  isSupervisor,
  readsCalls,
  readsArticles,
} from '../shared/server/me.ts'
import { useNow } from '../shared/time/now.ts'
import { longDate } from '../shared/time/time.ts'
import { CityArms } from '../city-hall/city-name.tsx'
import { ResetsLink } from '../admin/resets-link.tsx'
import { DocumentsLabel } from '../documents/documents-label.tsx'
import { keepsDocuments } from '../documents/undelivered-query.ts'
import { FeedBar } from './feed-bar.tsx'
import { PageMenu, type Page } from './page-menu.tsx'
import { AccountMenu } from './account-menu.tsx'
import { Mark } from './mark.tsx'
import { QueueStrip } from './queue-strip.tsx'
import styles from './shell.module.css'

/** More do not fit beside the account's menu on a narrow screen. */
const pagesInARow = 4
/** More do not fit beside the date either. */
const pagesBesideDate = 8

export function Header({ me }: { readonly me: Me }) {
  const { t, i18n } = useTranslation()
  const path = usePathname()
  const now = useNow()
  const pages: readonly Page[] = [
    ...(isAgent(me) ? [{ href: '/desk', label: t('common.nav.desk') }] : []),
    ...(isSupervisor(me)
      ? [
          { href: '/board', label: t('common.nav.board') },
          { href: '/board/wall', label: t('common.nav.wall') },
          { href: '/identity', label: t('identity.locks.nav') },
          { href: '/skills', label: t('skills.nav') },
          { href: '/configuration', label: t('common.nav.configuration') },
          { href: '/blocked-callers', label: t('blockedCallers.nav') },
        ]
      : []),
    ...(isSupervisor(me) ? [{ href: '/requests', label: t('common.nav.requests') }] : []),
    ...(readsCalls(me) ? [{ href: '/calls', label: t('common.nav.calls') }] : []),
    // Agents have the articles on the desk, beside the call.
    ...(readsArticles(me) && !isAgent(me) ? [{ href: '/papers', label: t('common.nav.papers') }] : []),
    ...(keepsDocuments(me) ? [{ href: '/documents', label: <DocumentsLabel /> }] : []),
    ...(isAuditor(me) ? [{ href: '/journal', label: t('common.nav.journal') }] : []),
    ...(isAdministrator(me)
      ? [
          { href: '/accounts', label: t('common.nav.accounts') },
          { href: '/employers', label: t('common.nav.employers') },
          { href: '/programs', label: t('common.nav.programs') },
          { href: '/configuration', label: t('common.nav.configuration') },
          { href: '/connections', label: t('connections.nav') },
          { href: '/skills', label: t('skills.nav') },
          { href: '/agreement/text', label: t('common.nav.agreement') },
        ]
      : []),
  ]
  return (
    <AppShell.Header className={styles.header}>
      <span className={styles.brand}>
        <CityArms size={24} />
        <Mark size={22} />
        <span>{t('common.product')}</span>
      </span>
      <nav className={styles.nav} data-many={howMany(pages.length)} aria-label={t('common.nav.label')}>
        {pages.map(({ href, label }) => (
          <Link
            key={href}
            href={href}
            className={styles.page}
            aria-current={isHere(href, path) ? 'page' : undefined}
          >
            {label}
          </Link>
        ))}
        {isSupervisor(me) && <ResetsLink />}
      </nav>
      {pages.length > pagesInARow && <PageMenu pages={pages} />}
      {isAgent(me) && <QueueStrip />}
      <FeedBar otherwise={<span className={styles.date}>{longDate(now, i18n.language)}</span>} />
      <AccountMenu me={me} />
    </AppShell.Header>
  )
}

function howMany(pages: number): 'most' | boolean {
  return pages > pagesBesideDate ? 'most' : pages > pagesInARow
}

function isHere(href: string, path: string): boolean {
  return path === href || (['/calls', '/papers', '/programs'].includes(href) && path.startsWith(`${href}/`))
}
