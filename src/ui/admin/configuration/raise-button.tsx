import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { unavailable } from '../../shared/components/unavailable.ts'

interface RaiseButtonProps {
  readonly isFirst: boolean
  /** Before the one above it. */
  readonly raise: () => void
  readonly action: string
  readonly size?: 'compact-sm'
}

/** The order of a list is what people meet later: in which they hear it, or choose from it. */
export function RaiseButton({ isFirst, raise, action, size }: RaiseButtonProps) {
  const { t } = useTranslation()
  return (
    <Button
      variant="default"
      {...(size && { size })}
      onClick={() => !isFirst && raise()}
      {...unavailable(isFirst)}
      title={isFirst ? t('configuration.isFirst') : undefined}
      data-action={action}
    >
      {t('configuration.raise')}
    </Button>
  )
}
