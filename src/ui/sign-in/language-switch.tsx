import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { chooseLanguage } from '../i18n/index.ts'

/** Switches to the other language, whose name is written in that language. */
export function LanguageSwitch() {
  const { i18n } = useTranslation()
  const other = i18n.language === 'ro' ? 'en' : 'ro'
  return (
    <Button variant="subtle" size="compact-sm" lang={other} onClick={() => void chooseLanguage(other)}>
      {other === 'en' ? 'English' : 'Română'}
    </Button>
  )
}
