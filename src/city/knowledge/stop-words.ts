/**
 * Words that do not help to find an article, folded. PostgreSQL has no Romanian list. This one covers how citizens
 * begin a call ("aș vrea să știu ce acte îmi trebuie pentru …") rather than written language. "fără", "nou" and
 * "pierdut" are left out of it, because they distinguish procedures.
 */
export const stopWords: readonly string[] = `
  a ai al ale alt alta altul am ar are as asta astea ati au avea avem aveti avut azi
  ba ca cam care cat cata cate cati ce cel cea cei cele cer cere ceva chiar cineva cind cand cum cu cine
  da daca dar de deci decat deja despre din dintr doar dumneavoastra dupa e ea ei el ele era eram eu este esti
  face facem faca fac facut fi fie fiecare fost
  iar ii il im imi in inca insa intr intre isi iti i
  la le li lor lui l
  ma mai mea mei mele mi mie mine mult multumesc m
  ne nevoie ni niste noi nostru noastra nu
  o or ori orice
  pai pe pentru poate pot putea putem puteti prin
  sa sai sant sau se si sunt suntem sint spuneti spune stiu sti stii stie s
  ta tau te ti tot toate toti trebui trebuie trebuiesc tu t
  un una unde unei unor unui unul
  va vi voi vor vreau vrea vrem vreo vreun voiam v
  zice ziceti zis
  acte act actele hartii documente dosar trebuincioase necesare necesar
  buna ziua domnule doamna rog va alo
  rezolv rezolva rezolvat procedura demers demersuri pasi intereseaza interesat
`
  .trim()
  .split(/\s+/)
