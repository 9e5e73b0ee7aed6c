import { MantineProvider, localStorageColorSchemeManager } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { Suspense } from 'react'
import { Rooms } from './rooms.tsx'
import { Waiting } from './shared/waiting.tsx'
import { theme } from './theme.ts'

const queries = new QueryClient({
  defaultOptions: { queries: { staleTime: 5_000, retry: 2, refetchOnWindowFocus: false } },
})
const colorScheme = localStorageColorSchemeManager({ key: 'linia.scheme' })

export function App() {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" colorSchemeManager={colorScheme}>
      <QueryClientProvider client={queries}>
        <Suspense fallback={<Waiting />}>
          <Rooms />
        </Suspense>
      </QueryClientProvider>
    </MantineProvider>
  )
}
