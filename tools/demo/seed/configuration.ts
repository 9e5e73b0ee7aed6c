/** The demo's queues and codes of wrap-ups, added to what a fresh installation has; a configuration that somebody has changed stays as it is. */
import type { QueueSetting, WrapUpCodeSetting } from '../../../src/core/configuration/schema.ts'
import { newestConfiguration, publishConfiguration } from '../../../src/ledger/configuration/versions.ts'
import type { Database } from '../../../src/ledger/database.ts'

const queues: readonly QueueSetting[] = [
  {
    id: 'general',
    name: 'Informații generale',
    nameEn: 'General information',
    skill: 'general',
    levelMin: 1,
    priority: 10,
    ageingSeconds: 30,
  },
  // No number leads to it yet; a menu will.
  {
    id: 'taxe',
    name: 'Taxe și impozite',
    nameEn: 'Taxes',
    skill: 'taxe',
    levelMin: 2,
    priority: 10,
    ageingSeconds: 30,
  },
]

/** For calls of every queue: the general one has questions about anything. */
export const codes: readonly WrapUpCodeSetting[] = [
  { id: 'taxe', name: 'Taxe și impozite', nameEn: 'Taxes' },
  { id: 'cladiri', name: 'Clădiri și terenuri', nameEn: 'Buildings and land', under: 'taxe' },
  { id: 'masini', name: 'Mașini', nameEn: 'Cars', under: 'taxe' },
  { id: 'amenzi', name: 'Amenzi', nameEn: 'Fines', under: 'taxe' },
  { id: 'urbanism', name: 'Urbanism', nameEn: 'Urban planning' },
  {
    id: 'certificat-urbanism',
    name: 'Certificat de urbanism',
    nameEn: 'Planning certificate',
    under: 'urbanism',
  },
  { id: 'autorizatie', name: 'Autorizație de construire', nameEn: 'Building permit', under: 'urbanism' },
  { id: 'acte', name: 'Acte și cereri', nameEn: 'Papers and requests' },
  { id: 'carte-identitate', name: 'Carte de identitate', nameEn: 'Identity card', under: 'acte' },
  { id: 'stadiu', name: 'Stadiul unei cereri', nameEn: 'Progress of a request', under: 'acte' },
  { id: 'domeniu-public', name: 'Domeniul public', nameEn: 'Public places' },
  { id: 'strazi', name: 'Străzi și iluminat', nameEn: 'Streets and lighting', under: 'domeniu-public' },
  { id: 'salubritate', name: 'Salubritate', nameEn: 'Waste', under: 'domeniu-public' },
  { id: 'spatii-verzi', name: 'Spații verzi', nameEn: 'Parks and trees', under: 'domeniu-public' },
  { id: 'liniste', name: 'Liniște publică', nameEn: 'Noise', under: 'domeniu-public' },
  { id: 'asistenta-sociala', name: 'Asistență socială', nameEn: 'Social assistance' },
]

export async function seedConfiguration(
  db: Database,
  { hasCodes }: { readonly hasCodes: boolean },
): Promise<void> {
  const { id: basedOn, document } = await newestConfiguration(db)
  if (basedOn !== 0) return
  await publishConfiguration(db, {
    document: { ...document, queues: [...queues], ...(hasCodes ? { codes: [...codes] } : {}) },
    basedOn,
    reason: 'demo',
    by: null,
  })
}
