/** A valid article, for tests that change one field. */
import { PaperId, type PaperContent } from '../../src/city/knowledge/paper.ts'

export const paper: PaperContent = {
  domain: 'Stare civilă',
  title: 'Certificat de naștere: duplicat',
  problem: 'Când certificatul s-a pierdut.',
  asked: ['am pierdut certificatul de naștere'],
  needs: [
    { what: 'Actul de identitate', form: 'original', count: 1 },
    { what: 'Certificatul de căsătorie', form: 'copy', count: 2 },
    { what: 'Procura notarială', form: 'both', count: 1 },
  ],
  form: { name: 'Cerere de eliberare', url: null },
  handledBy: null,
  fee: 'Gratuit',
  counter: 'Serviciul de stare civilă, ghișeul 4.',
  hours: 'luni–vineri 8:30–15:00',
  term: '3 zile lucrătoare',
  basis: ['Legea nr. 119/1996'],
  validFrom: '2026-01-01',
  validTo: null,
  sourceUrl: 'https://portal.primarie.example/acte/nastere-duplicat',
  reviewedAt: '2026-10-05',
}

export const paperId = PaperId('nastere-duplicat')
