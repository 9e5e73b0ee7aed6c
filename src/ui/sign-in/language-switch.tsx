import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useChooseLanguage } from '../i18n/use-choose-language.ts'

/** Switches to the other language, whose name is written in that language. */
export function LanguageSwitch() {
  const { t, i18n } = useTranslation()
  const { choose, failed } = useChooseLanguage()
  const other = i18n.language === 'ro' ? 'en' : 'ro'
  return (
    <>
      <Button variant="subtle" size="compact-sm" lang={other} onClick={() => void choose(other)}>
        {other === 'en' ? 'English' : 'Română'}
      </Button>
      <span role="alert">{failed ? t('common.languageNotLoaded') : ''}</span>
    </>
  )
}
