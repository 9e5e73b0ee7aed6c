import { useTranslation } from 'react-i18next'
import { useStore } from '../../shared/store.ts'
import script from '../script/script-zone.module.css'
import { check } from './check-desk.ts'
import { screenShown, type CheckScreen } from './check-screen.ts'

/**
 * The script for the identity check. A caller who is rejected hears the same words whatever the reason. The papers of
 * heirs are shown for every holder, deceased or not: the agent reads them out when the caller speaks of a death.
 */
export function IdentityScript() {
  const { t } = useTranslation()
  const line = lineAt(screenShown(useStore(check)))
  return (
    <div data-aloud={line}>
      <p className={script['aloud']}>{t(`identity.say.${line}`)}</p>
      <p>{t(`identity.do.${line}`)}</p>
      {(line === 'search' || line === 'no') && (
        <div data-heirs>
          <p>{t('identity.heirs.when')}</p>
          <p className={script['aloud']}>{t('identity.heirs.say', { papers: t('identity.heirs.papers') })}</p>
        </div>
      )}
    </div>
  )
}

type Line = 'search' | 'asking' | 'again' | 'no' | 'confirm' | 'anew' | 'passed'

function lineAt(screen: CheckScreen): Line {
  switch (screen.name) {
    case 'no call':
      return 'search'
    case 'search':
      return screen.noMatch ? 'no' : 'search'
    case 'asking':
      return 'asking'
    case 'failed':
      return screen.again ? 'again' : 'no'
    case 'refused':
      return 'no'
    case 'void':
    case 'run out':
      return 'anew'
    case 'to confirm':
      return 'confirm'
    case 'granted':
      return 'passed'
  }
}
