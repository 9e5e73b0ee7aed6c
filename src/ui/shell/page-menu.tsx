import { Button, Menu } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../shared/components/icon.tsx'
import { leaveFor } from '../shared/unsaved/shown-once.ts'
import styles from './shell.module.css'

export interface Page {
  readonly href: string
  readonly label: ReactNode
}

/** The pages of the header as a menu, shown instead of the row where the row does not fit. */
export function PageMenu({ pages }: { readonly pages: readonly Page[] }) {
  const { t } = useTranslation()
  return (
    <div className={styles.pages}>
      <Menu position="bottom-start" width={220}>
        <Menu.Target>
          <Button
            variant="subtle"
            color="gray"
            size="compact-sm"
            rightSection={<Icon name="down" size={14} />}
          >
            {t('common.nav.pages')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {pages.map(({ href, label }) => (
            <Menu.Item key={href} onClick={() => leaveFor(href)}>
              {label}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </div>
  )
}
