import { lazy, Suspense } from 'react'
import type { CallOut } from '../../http/outbound/wire.ts'
import { isAgent, useMe } from '../shared/server/me.ts'

/** With the phone, which only agents load. */
const CallBack = lazy(() => import('../agent/agent-screens.ts').then((file) => ({ default: file.CallBack })))

/** For agents; nobody else has a phone to call with. */
export function CallBackOfAgent({
  whom,
  onPlaced,
}: {
  readonly whom: CallOut
  readonly onPlaced?: () => void
}) {
  const me = useMe()
  if (!isAgent(me)) return null
  return (
    <Suspense fallback={null}>
      <CallBack whom={whom} {...(onPlaced === undefined ? {} : { onPlaced })} />
    </Suspense>
  )
}
