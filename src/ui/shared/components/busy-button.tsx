import { Button, type ButtonProps } from '@mantine/core'
import type { ComponentPropsWithRef, MouseEvent } from 'react'

interface BusyButtonProps
  extends ButtonProps, Omit<ComponentPropsWithRef<'button'>, keyof ButtonProps | 'loading'> {
  /** While its work goes on. */
  readonly loading: boolean
}

/**
 * A button that does nothing more while its work goes on, and keeps the focus then: a disabled button loses it, and whoever works
 * without a mouse is thrown back to the top of the page by each attempt that is refused.
 */
export function BusyButton({ loading, ...props }: BusyButtonProps) {
  return (
    <Button
      {...props}
      loading={loading}
      {...(loading && { 'aria-disabled': true, onClick: prevent })}
      renderRoot={(root) => <button {...root} disabled={false} />}
    />
  )
}

/** Neither its own work nor the form's. */
const prevent = (event: MouseEvent): void => event.preventDefault()
