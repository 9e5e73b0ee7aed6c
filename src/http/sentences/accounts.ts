/** What people read when something about accounts, employers or the agreement is refused. */
export const accountSentences = {
  'agreement-unsigned': {
    status: 403,
    ro: 'Semnați mai întâi acordul de confidențialitate; fără el datele primăriei nu se arată.',
    en: 'Sign the confidentiality agreement first; without it no city data is shown.',
  },
  'agreement-changed': {
    status: 409,
    ro: 'Textul acordului s-a schimbat între timp. Citiți-l din nou.',
    en: 'The text of the agreement has changed meanwhile. Read it again.',
  },
  'agreement-without-mark': {
    status: 400,
    ro: 'Textul acordului trebuie să numească persoana și angajatorul: {nume} și {angajator}.',
    en: 'The text of the agreement must name person and employer: {nume} and {angajator}.',
  },
  'name-differs': {
    status: 400,
    ro: 'Numele scris nu este numele contului. Semnați cu numele din text.',
    en: 'The name that was typed is not the name of the account. Sign with the name in the text.',
  },
  'no-such-account': { status: 404, ro: 'Nu există acest cont.', en: 'There is no such account.' },
  'account-closed': {
    status: 409,
    ro: 'Contul este închis.',
    en: 'The account is closed.',
  },
  'own-account': {
    status: 409,
    ro: 'Nimeni nu își schimbă singur rolurile și nu își închide singur contul. Rugați un alt administrator.',
    en: 'Nobody changes his own roles or closes his own account. Ask another administrator.',
  },
  'username-taken': {
    status: 409,
    ro: 'Există deja un cont cu acest utilizator.',
    en: 'There is already an account with this user name.',
  },
  'username-not-usable': {
    status: 400,
    ro: 'Utilizatorul are 2–40 de caractere: litere mici fără diacritice, cifre, punct, linie și liniuță jos, întâi o literă.',
    en: 'A user name has 2–40 characters: a–z, digits, dot, dash and underscore, a letter first.',
  },
  'roles-not-together': {
    status: 400,
    ro: 'Administratorul nu are alt rol: cine dă conturile nu vede datele primăriei.',
    en: 'An administrator has no other role: who hands out accounts sees no city data.',
  },
  'contract-ended': {
    status: 409,
    ro: 'Contractul acestui angajator s-a încheiat. Reluați-l mai întâi.',
    en: 'The contract of this employer has ended. Renew it first.',
  },
  'no-such-employer': {
    status: 404,
    ro: 'Niciun cont nu are acest angajator.',
    en: 'No account has this employer.',
  },
  'own-employer': {
    status: 409,
    ro: 'Este și angajatorul dumneavoastră: v-ați închide singur contul.',
    en: 'This is your own employer too: you would close your own account.',
  },
} as const
