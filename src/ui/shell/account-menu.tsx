import { Button, Menu, useMantineColorScheme, type MantineColorScheme } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Me } from '../../http/session/wire.ts'
import { recoveryUsedQuery } from '../my-account/access-query.ts'
import { languages, type Language } from '../i18n/index.ts'
import { useChooseLanguage } from '../i18n/use-choose-language.ts'
import { Icon } from '../shared/components/icon.tsx'
import { isAdministrator } from '../shared/server/me.ts'
import { leaveFor } from '../shared/unsaved/shown-once.ts'
import { signOut, type Unfinished } from './sign-out.ts'
import { UnfinishedDialog } from './unfinished-dialog.tsx'
import { LeaveCallDialog } from './leave-call-dialog.tsx'
import { UnsavedDialog } from './unsaved-dialog.tsx'
import { useEngagement } from './use-engagement.ts'

const languageNames: Readonly<Record<Language, string>> = { ro: 'Română', en: 'English' }
const schemes = [
  { scheme: 'auto', icon: 'system', label: 'common.system' },
  { scheme: 'light', icon: 'light', label: 'common.light' },
  { scheme: 'dark', icon: 'dark', label: 'common.dark' },
] as const satisfies readonly { scheme: MantineColorScheme; icon: string; label: string }[]

export function AccountMenu({ me }: { readonly me: Me }) {
  const { t, i18n } = useTranslation()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const [unsaved, setUnsaved] = useState<Unfinished | null>(null)
  const { data: warns = false } = useQuery(recoveryUsedQuery)
  const engagement = useEngagement()
  const [asking, setAsking] = useState(false)
  const [opened, setOpened] = useState(false)
  const language = useChooseLanguage()
  // The call ended meanwhile: a question about it must not come back with the next one.
  if (asking && engagement === null) setAsking(false)
  const leave = async (): Promise<void> => {
    setAsking(false)
    const result = await signOut(me)
    setUnsaved(result === 'leaving' ? null : result)
  }
  return (
    <>
      <LeaveCallDialog
        engagement={asking ? engagement : null}
        stay={() => setAsking(false)}
        leave={() => void leave()}
      />
      <UnsavedDialog opened={unsaved === 'unsaved'} close={() => setUnsaved(null)} />
      <UnfinishedDialog of={unsaved === 'unsaved' ? null : unsaved} close={() => setUnsaved(null)} />
      <Menu position="bottom-end" width={220} opened={opened} onChange={setOpened}>
        <Menu.Target>
          <Button
            variant="subtle"
            color="gray"
            size="compact-sm"
            leftSection={warns ? <Icon name="warning" size={14} /> : null}
            rightSection={<Icon name="down" size={14} />}
          >
            {me.name}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {warns && (
            <Menu.Item leftSection={<Icon name="warning" size={16} />} onClick={() => leaveFor('/account')}>
              {t('myAccount.recoveryUsed')}
            </Menu.Item>
          )}
          <Menu.Label>{t('common.appearance')}</Menu.Label>
          {schemes.map(({ scheme, icon, label }) => (
            <Menu.Item
              key={scheme}
              leftSection={<Icon name={icon} size={16} />}
              rightSection={colorScheme === scheme ? <Icon name="ready" size={14} /> : null}
              onClick={() => setColorScheme(scheme)}
            >
              {t(label)}
            </Menu.Item>
          ))}
          <Menu.Label>{t('common.language')}</Menu.Label>
          {languages.map((one) => (
            <Menu.Item
              key={one}
              lang={one}
              rightSection={i18n.language === one ? <Icon name="ready" size={14} /> : null}
              // Open until the language is there: the menu says when it cannot be fetched.
              closeMenuOnClick={false}
              onClick={() => void language.choose(one).then((chosen) => chosen && setOpened(false))}
            >
              {languageNames[one]}
            </Menu.Item>
          ))}
          {language.failed && (
            <Menu.Label c="inherit" role="alert">
              {t('common.languageNotLoaded')}
            </Menu.Label>
          )}
          <Menu.Divider />
          <Menu.Item onClick={() => leaveFor('/account')}>{t('myAccount.menu')}</Menu.Item>
          {!isAdministrator(me) && (
            <Menu.Item onClick={() => leaveFor('/agreement')}>{t('common.myAgreement')}</Menu.Item>
          )}
          <Menu.Item onClick={() => leaveFor('/factors')}>{t('signIn.factors.title')}</Menu.Item>
          <Menu.Item
            leftSection={<Icon name="signed-out" size={16} />}
            onClick={() => (engagement === null ? void leave() : setAsking(true))}
          >
            {t('common.signOut')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  )
}
