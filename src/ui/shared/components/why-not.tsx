import { Tooltip } from '@mantine/core'
import type { ReactElement } from 'react'

interface WhyNotProps {
  /** Null: the control is possible now. */
  readonly reason: string | null
  readonly children: ReactElement
}

/** Gives the reason on focus and hover why a control is not possible now; it is described by it while shown. */
export function WhyNot({ reason, children }: WhyNotProps) {
  return (
    <Tooltip
      label={reason}
      disabled={reason === null}
      events={{ hover: true, focus: true, touch: true }}
      multiline
      maw={260}
      position="bottom"
      data-why-not
    >
      {children}
    </Tooltip>
  )
}
