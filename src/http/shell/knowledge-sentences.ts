/** Refusals about articles and their drafts (`sentences.ts`). */
export const knowledgeSentences = {
  'no-such-paper': {
    status: 404,
    ro: 'Nu există această fișă sau această versiune a ei.',
    en: 'There is no such article, or no such version of it.',
  },
  'paper-changed': {
    status: 409,
    ro: 'Între timp altcineva a publicat o versiune nouă a fișei. Deschide-o și adaugă la ea ce ai scris.',
    en: 'Somebody else has published a newer version of this article meanwhile. Open it and add what you wrote.',
  },
  'paper-retired': {
    status: 409,
    ro: 'Fișa este retrasă; readu-o întâi în uz.',
    en: 'The article is retired; bring it back first.',
  },
  'paper-exists': {
    status: 409,
    ro: 'Există deja o fișă cu acest nume scurt; alege altul sau schimbă fișa existentă.',
    en: 'There is already an article with this short name; choose another name or change the existing article.',
  },
  'no-such-draft': {
    status: 404,
    ro: 'Nu există această ciornă.',
    en: 'There is no such draft.',
  },
  'draft-decided': {
    status: 409,
    ro: 'Ciorna a fost între timp publicată, înlocuită, retrasă sau trimisă înapoi autorului.',
    en: 'The draft has been published, replaced, withdrawn or returned to its author meanwhile.',
  },
  'own-draft': {
    status: 403,
    ro: 'Ciorna o publică alt editor, după ce o citește. Autorul o poate schimba sau retrage.',
    en: 'A draft is published by another editor who has read it. Its author can change or withdraw it.',
  },
  'another-draft': {
    status: 409,
    ro: 'Fișa are deja o ciornă care așteaptă. Deschide-o și schimbă ciorna aceea.',
    en: 'The article already has a draft that waits. Open that draft and change it.',
  },
  'not-your-draft': {
    status: 403,
    ro: 'Ciorna o retrage numai autorul ei. O poți trimite înapoi cu un motiv.',
    en: 'Only its author withdraws a draft. You can return it with a reason.',
  },
} as const
