/** The register of contacts, for administrators. */
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import type {
  AddedContact,
  ContactChange,
  ContactRegister,
  ContactVersions,
  NewContact,
  RegisteredContact,
} from '../../../http/contacts/wire.ts'
import { api } from '../../shared/server/api.ts'

const queryKey = ['contact register']

export const contactRegisterQuery = queryOptions({
  queryKey,
  queryFn: () => api<ContactRegister>('GET', '/contact-register'),
  // Another administrator's change is noticed while this page is open.
  refetchInterval: 30_000,
})

const at = (id: string, rest = ''): string => `/contact-register/${encodeURIComponent(id)}${rest}`

export const useContactVersions = ({ id, version }: Pick<RegisteredContact, 'id' | 'version'>) =>
  useQuery({
    queryKey: [...queryKey, id, version],
    queryFn: () => api<ContactVersions>('GET', at(id, '/versions')),
  })

/** All reject with a `Problem`, and read the register again: of a refused change, too, which somebody else may have made before. */
export function useContactChanges() {
  const queries = useQueryClient()
  async function then<Answer>(work: Promise<Answer>): Promise<Answer> {
    try {
      return await work
    } finally {
      await queries.invalidateQueries({ queryKey })
    }
  }
  return {
    add: (contact: NewContact) => then(api<AddedContact>('POST', '/contact-register', contact)),
    change: (id: string, change: ContactChange) => then(api('PUT', at(id), change)),
    close: ({ id, version }: RegisteredContact) => then(api('POST', at(id, '/close'), { version })),
  }
}
