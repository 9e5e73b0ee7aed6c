import type { work as ro } from '../ro/work.ts'

export const work: typeof ro = {
  tabs: {
    label: 'Work on the call',
    caller: 'Caller',
    papers: 'Papers',
    requests: 'Requests',
    taxes: 'Taxes',
  },
  clear: 'Leave the search',
}
