import { Popover } from '@mantine/core'
import type { ReactNode } from 'react'

interface SidePanelProps {
  readonly opened: boolean
  readonly onChange: (opened: boolean) => void
  readonly position: 'right-start' | 'right-end'
  readonly width: number
  /** The button that opens it, in an element of its own. */
  readonly target: ReactNode
  readonly children: ReactNode
}

/** A panel beside a button of the call, opened by key, too. It takes the focus; Escape closes it and returns the focus. */
export function SidePanel({ opened, onChange, position, width, target, children }: SidePanelProps) {
  return (
    <Popover
      opened={opened}
      onChange={onChange}
      position={position}
      width={width}
      middlewares={{ flip: false, shift: { crossAxis: true, padding: 8 } }}
      withRoles={false}
      // Hidden with a button that is scrolled away, it would lose the focus.
      hideDetached={false}
      shadow="md"
      trapFocus
      returnFocus
      transitionProps={{ duration: 0 }}
      portalProps={{ target: '#work' }}
    >
      <Popover.Target>{target}</Popover.Target>
      <Popover.Dropdown>{children}</Popover.Dropdown>
    </Popover>
  )
}
