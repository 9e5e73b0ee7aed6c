/** The refusals of the commands of a desk. */

export const deskSentences = {
  'no-reachable-phone': {
    status: 409,
    ro: 'Telefonul nu este conectat: deschide telefonul din pagină sau pornește telefonul de birou, apoi încearcă din nou.',
    en: 'Your phone is not reachable: open the phone in this page or switch on the desk phone, then try again.',
  },
  'not-signed-in': {
    status: 409,
    ro: 'Nu ești în linie. Apasă „Disponibil” ca să intri.',
    en: 'You are not signed in to the line. Press “Ready” to join.',
  },
  'paused-by-supervisor': {
    status: 409,
    ro: 'Pauza este pusă de un supervizor; numai un supervizor o ridică.',
    en: 'A supervisor set this pause; only a supervisor lifts it.',
  },
  'not-paused-by-supervisor': {
    status: 409,
    ro: 'Operatorul nu este în pauză pusă de un supervizor.',
    en: 'The agent is not in a pause that a supervisor set.',
  },
  'agent-not-signed-in': {
    status: 409,
    ro: 'Operatorul nu este în tură.',
    en: 'The agent is not signed in to the line.',
  },
  'agent-without-phone': {
    status: 409,
    ro: 'Telefonul operatorului nu este conectat, așa că nu poate prelua apeluri.',
    en: 'The agent’s phone is not reachable, so they cannot take calls.',
  },
  'unknown-queue': { status: 404, ro: 'Coada nu există.', en: 'There is no such queue.' },
  'unknown-pause-reason': {
    status: 409,
    ro: 'Acest motiv de pauză nu mai este în listă. Alege altul.',
    en: 'This pause reason is not on the list any more. Choose another one.',
  },
  'unknown-contact': { status: 404, ro: 'Contactul nu există.', en: 'There is no such contact.' },
  'transfer-to-oneself': {
    status: 409,
    ro: 'Nu poți transfera apelul către tine.',
    en: 'You cannot transfer a call to yourself.',
  },
  'colleague-not-free': {
    status: 409,
    ro: 'Colegul nu mai este liber. Alege pe altcineva sau o coadă.',
    en: 'Your colleague is no longer free. Choose somebody else, or a queue.',
  },
  'queue-not-served': {
    status: 409,
    ro: 'Niciun coleg nu preia acum apeluri în această coadă.',
    en: 'None of your colleagues takes calls in this queue now.',
  },
  'already-consulting': {
    status: 409,
    ro: 'Consulți deja un coleg; încheie mai întâi acea consultare.',
    en: 'You are already asking a colleague; end that consultation first.',
  },
  'nobody-consulted': {
    status: 409,
    ro: 'Niciun coleg nu este în apelul tău.',
    en: 'No colleague is in your call.',
  },
  'held-at-the-phone': {
    status: 409,
    ro: 'Apelantul este reținut la telefonul tău fix: revino la el cu tasta telefonului.',
    en: 'The caller is on hold at your desk phone: go back to them with the phone’s key.',
  },
  'no-such-conversation': {
    status: 409,
    ro: 'Convorbirea nu mai este în curs.',
    en: 'The conversation is no longer going on.',
  },
  'supervising-another-call': {
    status: 409,
    ro: 'Asculți deja alt apel; ieși mai întâi din el.',
    en: 'You are already listening to another call; leave it first.',
  },
  'not-supervising': {
    status: 409,
    ro: 'Nu mai ești în acest apel.',
    en: 'You are no longer in this call.',
  },
  'call-not-waiting': {
    status: 409,
    ro: 'Apelantul nu mai așteaptă în coadă.',
    en: 'The caller no longer waits in a queue.',
  },
  'call-is-over': {
    status: 409,
    ro: 'Apelul nu mai poate fi încheiat de aici.',
    en: 'The call can no longer be ended from here.',
  },
  'number-in-another-call': {
    status: 409,
    ro: 'Numărul este și în alt apel sau va fi sunat deja.',
    en: 'The number is in another call as well, or is to be called already.',
  },
  'not-to-be-called-back': {
    status: 409,
    ro: 'Cetățeanul nu mai așteaptă să fie sunat înapoi.',
    en: 'The citizen is not waiting to be called back any more.',
  },
  'no-number-to-call': {
    status: 409,
    ro: 'Numărul nu este cunoscut: a fost ascuns sau șters.',
    en: 'The number is not known: it was withheld, or deleted.',
  },
  'not-a-number': {
    status: 409,
    ro: 'Acesta nu este un număr de telefon. Scrie-l cu toate cifrele, de exemplu 0256 408 300.',
    en: 'This is no telephone number. Type all its digits, for example 0256 408 300.',
  },
  'emergency-number': {
    status: 409,
    ro: 'La 112 suni direct de pe telefon, nu de la post.',
    en: 'Dial 112 on a telephone, not from the desk.',
  },
  'own-number': {
    status: 409,
    ro: 'Acesta este numărul primăriei.',
    en: 'This is the city hall’s own number.',
  },
  'premium-number': {
    status: 409,
    ro: 'La numere cu suprataxă nu se sună de la post.',
    en: 'Premium-rate numbers are not called from the desk.',
  },
  'foreign-number': {
    status: 409,
    ro: 'În străinătate nu se sună de la post.',
    en: 'Numbers abroad are not called from the desk.',
  },
  'number-not-allowed': {
    status: 409,
    ro: 'La acest număr nu se sună de la post.',
    en: 'This number is not called from the desk.',
  },
  'too-many-calls': {
    status: 409,
    ro: 'Ai ajuns la numărul de apeluri permis într-o oră. Încearcă mai târziu.',
    en: 'You have made as many calls as one hour allows. Try again later.',
  },
  'too-many-calls-of-all': {
    status: 409,
    ro: 'S-a ajuns la câte numere scrise poate suna primăria într-o oră. Poți suna înapoi dintr-un apel sau dintr-o cerere.',
    en: 'The city hall has called as many typed numbers as one hour allows. You can call back from a call or a request.',
  },
  'not-allowed-to-call': {
    status: 409,
    ro: 'Din contul tău nu se sună cetățeni.',
    en: 'Your account does not call citizens.',
  },
  'only-returned-calls': {
    status: 409,
    ro: 'Din contul tău se sună numai înapoi: dintr-un apel sau dintr-o cerere.',
    en: 'Your account only calls back: from a call or from a request.',
  },
  'not-in-a-call': { status: 409, ro: 'Nu ești într-un apel.', en: 'You are not in a call.' },
  'in-a-call': {
    status: 409,
    ro: 'Ești într-un apel; încheie-l mai întâi.',
    en: 'You are in a call; finish it first.',
  },
  'not-in-wrap-up': {
    status: 409,
    ro: 'Nu ești în încheierea unui apel.',
    en: 'You are not in wrap-up.',
  },
} as const
