/** Papers filed over the counter, for the demo's agents to look up. */
import type { CounterPaper } from './filing.ts'

export const counterPapers: readonly CounterPaper[] = [
  {
    number: 'SC2026-018442',
    date: '2026-11-02',
    name: 'Popescu Maria',
    state: 'in progress',
    department: 'Direcția Generală Urbanism și Planificare Teritorială',
    deadline: '2026-12-03',
  },
  {
    number: 'SC2026-017903',
    date: '2026-10-19',
    name: 'Ionescu Ștefan',
    state: 'in progress',
    department: 'Direcția Generală Drumuri, Poduri, Parcaje și Rețele Edilitare',
    deadline: '2026-11-19',
  },
  {
    number: 'SC2026-016250',
    date: '2026-09-28',
    name: 'Țăran Ana-Maria',
    state: 'extended',
    department: 'Direcția de Mediu',
    deadline: '2026-11-13',
  },
  {
    number: 'SC2026-018871',
    date: '2026-11-16',
    name: 'Moldovan Cristian',
    state: 'received',
    department: 'Serviciul Parcări',
    deadline: '2026-12-17',
  },
  {
    number: 'SC2026-015117',
    date: '2026-09-07',
    name: 'Lăcătuș Elena',
    state: 'answered',
    department: 'Direcția Generală de Asistență Socială',
    deadline: '2026-10-08',
  },
  {
    number: 'SC2026-018009',
    date: '2026-10-22',
    name: 'Müller Johann',
    state: 'redirected',
    department: 'Consiliul Județean Timiș',
    deadline: null,
  },
]
