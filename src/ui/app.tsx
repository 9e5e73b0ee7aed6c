import { MantineProvider, localStorageColorSchemeManager } from '@mantine/core'
import { notifyManager, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { usePathname } from 'wouter/use-browser-location'
import type { ScreenPath } from '../http/shell/wire.ts'
import { TrackingPage } from './public/tracking-page.tsx'
import { Boundary } from './shared/components/boundary.tsx'
import { Problem } from './shared/server/api.ts'
import { Waiting } from './shared/components/waiting.tsx'
import { theme } from './theme.ts'

/** The citizens' page needs nothing more; the staff's screens are files of their own. */
const ActivationPage = lazy(() =>
  import('./sign-in/activation-page.tsx').then((file) => ({ default: file.ActivationPage })),
)
const StaffScreens = lazy(() => import('./routes.tsx').then((file) => ({ default: file.StaffScreens })))

/**
 * `always`: the server is on the city's own network. A browser's "offline" refers to the internet and would
 * otherwise hold back every query until it is "online" again.
 */
const networkMode = 'always'
const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // A refusal stays a refusal; only a server that is away is asked again.
      retry: (failures, error) =>
        failures < 2 && !(error instanceof Problem && error.status >= 400 && error.status < 500),
      refetchOnWindowFocus: false,
      networkMode,
      refetchOnReconnect: true,
    },
    // A password that was sent leaves the memory soon after its form.
    mutations: { networkMode, gcTime: 1_000 },
  },
})
// A form shows that it is sending before the next press is handled: on a busy page two presses would be sent as two. The
// library's own choice, a timer, lets the second one through.
notifyManager.setScheduler(queueMicrotask)
const colorScheme = localStorageColorSchemeManager({ key: 'linia.scheme' })

export function App() {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" colorSchemeManager={colorScheme}>
      <QueryClientProvider client={queries}>
        <Boundary of="page">
          <Suspense fallback={<Waiting />}>
            <Screens />
          </Suspense>
        </Boundary>
      </QueryClientProvider>
    </MantineProvider>
  )
}

/** Public pages come before the sign-in. */
function Screens() {
  const path = usePathname() as ScreenPath
  if (path === '/urmarire') return <TrackingPage />
  return path === '/activate' ? <ActivationPage /> : <StaffScreens />
}
