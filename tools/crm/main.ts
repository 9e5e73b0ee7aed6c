/** `URL=https://969.primaria.example TOKEN=lin_… node main.ts` prints the callers as they are offered. */
import { run } from './crm.ts'

await run({
  url: process.env['URL'] ?? 'http://127.0.0.1:9690',
  token: process.env['TOKEN'] ?? '',
  signal: new AbortController().signal,
  show: ({ id, caller, queue, agent }) =>
    console.log(`${caller ?? 'număr ascuns'} → ${agent?.name ?? ''} (${queue.name}), ${id}`),
  noteOn: ({ caller }) => `CRM: fișa ${caller ?? 'fără număr'} a fost arătată.`,
})
