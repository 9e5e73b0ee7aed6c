import { useTranslation } from 'react-i18next'
import { spokenNumber } from '../../shared/phone-number.ts'
import { callOut } from '../desk-commands.ts'
import type { Command } from '../keys/use-commands.ts'
import { onDesk } from '../work/open-pane.ts'
import { typedNumber } from './typed-number.ts'
import { useWhyNoCallOut } from './use-why-no-call-out.ts'

/** Calls the number typed in the palette. */
export function useCallOutCommand(text: string): readonly Command[] {
  const { t } = useTranslation()
  const number = typedNumber(text)
  const why = useWhyNoCallOut(number)
  if (number === null) return []
  return [
    {
      id: 'call-out',
      label: t('desk.outbound.typed', { number: spokenNumber(number) }),
      key: null,
      why: why === null ? null : t(`desk.why.${why}`),
      run: () => void callOut({ number }).then((placed) => placed && onDesk(() => undefined)),
    },
  ]
}
