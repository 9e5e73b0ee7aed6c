import t from 'tap'
import { FakeDocuments } from '../support/city/fake-documents.ts'
import { documentsContract } from './document-system.ts'

const fake = new FakeDocuments()

await documentsContract(t, {
  system: fake,
  become: async (condition) => {
    fake.condition = condition
  },
  taken: () => fake.taken,
  signed: (body, ageMs) => fake.signed(body, ageMs),
})
