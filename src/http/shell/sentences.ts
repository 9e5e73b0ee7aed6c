/**
 * Refusals as users read them: a stable code, which is part of the API, with its HTTP status and a sentence in each
 * language of the interface.
 */
import { accountSentences } from './account-sentences.ts'
import { connectionSentences } from '../connections/sentences.ts'
import { contactSentences } from '../contacts/sentences.ts'
import { declaredDaySentences } from '../declared-days/sentences.ts'
import { configurationSentences } from './configuration-sentences.ts'
import { deskSentences } from './desk-sentences.ts'
import { identitySentences } from './identity-sentences.ts'
import { knowledgeSentences } from './knowledge-sentences.ts'
import type { Language } from './language.ts'
import { peopleImportSentences } from '../people-import/sentences.ts'
import { programSentences } from '../programs/sentences.ts'
import { promptSentences } from './prompt-sentences.ts'
import { requestSentences } from './request-sentences.ts'

type Sentence = Readonly<Record<Language, string>> & { readonly status: number }

export const sentences = {
  validation: {
    status: 400,
    ro: 'Cererea are câmpuri greșite.',
    en: 'The request has wrong fields.',
  },
  'bad-json': {
    status: 400,
    ro: 'Corpul cererii nu este JSON corect.',
    en: 'The body is not correct JSON.',
  },
  'bad-text': {
    status: 400,
    ro: 'Textul conține caractere de control care nu se pot păstra.',
    en: 'The text has control characters that cannot be kept.',
  },
  'bad-request': {
    status: 400,
    ro: 'Cererea nu a putut fi înțeleasă.',
    en: 'The request could not be understood.',
  },
  'bad-cursor': {
    status: 400,
    ro: 'Cursorul paginii nu este al nostru; ia lista de la început.',
    en: 'The page cursor is not valid; start the list again.',
  },
  'unknown-parameter': {
    status: 400,
    ro: 'Adresa cere ceva ce lista aceasta nu cunoaște.',
    en: 'The address has a parameter that is not known here.',
  },
  'reversed-times': {
    status: 400,
    ro: 'Ziua din „Până la” este înaintea celei din „De la”.',
    en: 'The day in “To” is before the one in “From”.',
  },
  'wrong-number': {
    status: 400,
    ro: 'Scrie un număr de telefon sau cel puțin trei cifre din el.',
    en: 'Type a telephone number, or at least three digits of it.',
  },
  'bad-time': {
    status: 400,
    ro: 'Această oră nu există în calendar.',
    en: 'This time does not exist in the calendar.',
  },
  'reserved-reason': {
    status: 400,
    ro: 'Acest motiv de pauză îl pune doar sistemul sau supervizorul.',
    en: 'Only the system or a supervisor can set this pause reason.',
  },
  'no-session': {
    status: 401,
    ro: 'Nu ești autentificat. Intră în cont și încearcă din nou.',
    en: 'You are not signed in. Sign in and try again.',
  },
  'wrong-credentials': {
    status: 401,
    ro: 'Numele de utilizator sau parola nu se potrivesc.',
    en: 'The user name or the password does not match.',
  },
  'code-needed': {
    status: 401,
    ro: 'Scrie și codul din aplicația de autentificare sau un cod de rezervă.',
    en: 'Enter the code of your authenticator app as well, or a recovery code.',
  },
  'passkey-needed': {
    status: 401,
    ro: 'Pentru acest cont intră cu cheia de acces.',
    en: 'Sign in to this account with its passkey.',
  },
  'wrong-code': {
    status: 401,
    ro: 'Codul nu se potrivește sau a fost deja folosit.',
    en: 'The code does not match, or it has been used already.',
  },
  'passkey-refused': {
    status: 401,
    ro: 'Cheia de acces nu a fost recunoscută. Încearcă din nou sau intră cu parola.',
    en: 'The passkey was not recognised. Try again, or sign in with the password.',
  },
  'use-provider': {
    status: 401,
    ro: 'Acest cont intră prin sistemul de autentificare al primăriei.',
    en: 'This account signs in through the city hall’s identity provider.',
  },
  'older-than-link': {
    status: 401,
    ro: 'Contul a intrat prin sistemul de autentificare al primăriei, iar parola sau cheia de acces de dinainte nu îl mai deschide. Cere administratorului o resetare.',
    en: 'The account signed in through the city hall’s identity provider, and the password or passkey from before opens it no more. Ask the administrator for a reset.',
  },
  'challenge-gone': {
    status: 409,
    ro: 'Încercarea a expirat, a fost deja folosită sau a început în alt browser. Încearcă din nou.',
    en: 'The attempt has expired, was used already, or began in another browser. Try again.',
  },
  'second-factor-needed': {
    status: 403,
    ro: 'Rolul tău cere un al doilea factor de autentificare. Adaugă unul mai întâi.',
    en: 'Your role requires a second factor. Add one first.',
  },
  'sign-in-again': {
    status: 403,
    ro: 'Pentru această schimbare autentifică-te din nou: ultima autentificare este mai veche de 15 minute.',
    en: 'Sign in again for this change: your last sign-in is more than 15 minutes ago.',
  },
  'wrong-new-code': {
    status: 409,
    ro: 'Codul nu se potrivește. Verifică ora telefonului și scrie codul afișat acum.',
    en: 'The code does not match. Check the phone’s clock, and enter the code that is shown now.',
  },
  'passkey-not-added': {
    status: 409,
    ro: 'Cheia de acces nu a putut fi adăugată: răspunsul dispozitivului nu este în ordine.',
    en: 'The passkey could not be added: the device’s answer is not in order.',
  },
  'passkey-known': {
    status: 409,
    ro: 'Această cheie de acces este deja înregistrată.',
    en: 'This passkey is registered already.',
  },
  'no-passkeys-here': {
    status: 409,
    ro: 'Cheile de acces nu se pot folosi la această adresă a site-ului.',
    en: 'Passkeys cannot be used at this address of the site.',
  },
  'too-many-factors': {
    status: 409,
    ro: 'Contul are deja numărul maxim de factori. Elimină unul mai întâi.',
    en: 'The account has the greatest number of factors already. Remove one first.',
  },
  'last-factor': {
    status: 409,
    ro: 'Rolul tău cere un al doilea factor. Adaugă altul înainte de a-l elimina pe ultimul.',
    en: 'Your role requires a second factor. Add another one before removing the last.',
  },
  'no-such-factor': {
    status: 404,
    ro: 'Contul nu are acest factor.',
    en: 'The account has no such factor.',
  },
  forbidden: {
    status: 403,
    ro: 'Rolul tău nu permite această acțiune.',
    en: 'Your role does not allow this.',
  },
  'needs-reason': {
    status: 403,
    ro: 'Nu este al tău și nici al apelantului de acum. Se deschide numai cu un motiv, care rămâne consemnat.',
    en: 'It is neither yours nor the present caller’s. It opens only with a reason, which stays on record.',
  },
  'too-fruitless': {
    status: 429,
    ro: 'De la acest număr s-a căutat de prea multe ori fără potrivire. La telefon nu se mai poate; se rezolvă la ghișeu, cu actul de identitate.',
    en: 'Too many searches from this number found nobody. It cannot be done by telephone any more; at the counter, with an identity card, it can.',
  },
  'cross-site': {
    status: 403,
    ro: 'Cererea vine de pe alt site și a fost refuzată.',
    en: 'The request comes from another site and was refused.',
  },
  'not-found': {
    status: 404,
    ro: 'Această adresă nu există.',
    en: 'There is nothing at this address.',
  },
  'method-not-allowed': {
    status: 405,
    ro: 'Această adresă nu primește o astfel de cerere.',
    en: 'This address does not accept such a request.',
  },
  'no-such-call': { status: 404, ro: 'Nu există un apel cu acest număr.', en: 'There is no such call.' },
  'no-such-notice': { status: 404, ro: 'Nu există acest anunț.', en: 'There is no such notice.' },
  'unknown-agent': { status: 404, ro: 'Nu există acest operator.', en: 'There is no such agent.' },
  'no-recording': {
    status: 404,
    ro: 'Acest apel nu are înregistrare.',
    en: 'This call has no recording.',
  },
  'recording-destroyed': {
    status: 404,
    ro: 'Înregistrarea a fost distrusă la sfârșitul termenului de păstrare.',
    en: 'The recording was destroyed at the end of its retention.',
  },
  'recording-pending': {
    status: 404,
    ro: 'Înregistrarea se pregătește; încearcă din nou în câteva secunde.',
    en: 'The recording is being prepared; try again in a few seconds.',
  },
  'no-such-entry': {
    status: 404,
    ro: 'Jurnalul nu are o înregistrare cu acest număr.',
    en: 'The journal has no entry with this number.',
  },
  'not-anchored-yet': {
    status: 409,
    ro: 'Înregistrarea nu este încă ancorată; dovada se poate lua peste cel mult un minut.',
    en: 'The entry is not anchored yet; its proof is available within a minute.',
  },
  'export-too-large': {
    status: 409,
    ro: 'Întrebarea dă peste 20.000 de rânduri; restrânge perioada.',
    en: 'The query matches more than 20,000 rows; narrow the period.',
  },
  'not-your-call': {
    status: 403,
    ro: 'Acest apel este al altui operator.',
    en: 'This call belongs to another agent.',
  },
  'wrap-up-too-late': {
    status: 409,
    ro: 'Datele unui apel se pot completa și corecta în 24 de ore de la sfârșitul lui; termenul a expirat.',
    en: 'A call’s wrap-up can be completed and corrected for 24 hours after its end; that time is over.',
  },
  'wrap-up-corrected': {
    status: 409,
    ro: 'Datele acestui apel au fost completate după sfârșitul lui. Deschide apelul și corectează-le acolo.',
    en: 'This call’s wrap-up was completed after its end. Open the call and correct it there.',
  },
  'call-on-desk': {
    status: 409,
    ro: 'Apelul nu s-a încheiat încă; completează formularul de pe ecranul apelului.',
    en: 'The call has not been closed yet; fill in the form on the desk.',
  },
  'not-blockable': {
    status: 409,
    ro: 'Acest număr nu se poate bloca.',
    en: 'This number cannot be blocked.',
  },
  'no-such-voicemail': {
    status: 404,
    ro: 'Apelul acesta nu are mesaj vocal.',
    en: 'This call has no voicemail.',
  },
  'voicemail-taken': {
    status: 409,
    ro: 'De mesajul acesta se ocupă deja un coleg.',
    en: 'A colleague sees to this message already.',
  },
  'voicemail-closed': {
    status: 409,
    ro: 'Mesajul este deja închis.',
    en: 'The message is closed already.',
  },
  'already-blocked': {
    status: 409,
    ro: 'Numărul este deja blocat. Ca să schimbi termenul, deblochează-l mai întâi.',
    en: 'The number is blocked already. To change the term, unblock it first.',
  },
  'not-blocked': {
    status: 404,
    ro: 'Blocarea aceasta s-a încheiat deja.',
    en: 'This block has ended already.',
  },
  ...deskSentences,
  ...promptSentences,
  ...requestSentences,
  'too-many-reads': {
    status: 429,
    ro: 'Prea multe căutări deodată. Așteaptă puțin și încearcă din nou.',
    en: 'Too many searches at once. Wait a little and try again.',
  },
  'request-too-slow': {
    status: 408,
    ro: 'Cererea a durat prea mult.',
    en: 'The request took too long.',
  },
  'headers-too-large': {
    status: 431,
    ro: 'Antetul cererii este prea mare.',
    en: 'The headers of the request are too large.',
  },
  'body-too-large': {
    status: 413,
    ro: 'Cererea este prea mare.',
    en: 'The request is too large.',
  },
  'not-json': {
    status: 415,
    ro: 'Trimite corpul cererii ca application/json.',
    en: 'Send the body as application/json.',
  },
  'bad-range': {
    status: 416,
    ro: 'Înregistrarea nu are porțiunea cerută.',
    en: 'The recording does not have the requested range.',
  },
  'too-many-attempts': {
    status: 429,
    ro: 'Prea multe încercări. Așteaptă puțin și încearcă din nou.',
    en: 'Too many attempts. Wait a little and try again.',
  },
  internal: {
    status: 500,
    ro: 'A apărut o eroare pe server. Apelurile merg mai departe; încearcă din nou.',
    en: 'Something broke on our side. Calls go on; try again.',
  },
  'line-is-away': {
    status: 503,
    ro: 'Linia nu răspunde acum. Convorbirile merg mai departe; încearcă din nou în câteva secunde.',
    en: 'The line is not available now. Conversations go on; try again in a few seconds.',
  },
  'database-away': {
    status: 503,
    ro: 'Baza de date nu răspunde acum. Apelurile merg mai departe; încearcă din nou în câteva secunde.',
    en: 'The database is not available now. Calls go on; try again in a few seconds.',
  },
  'demo-failed': {
    status: 503,
    ro: 'Apelul de probă nu a putut fi pornit.',
    en: 'The trial call could not be started.',
  },
  'too-many-feeds': {
    status: 503,
    ro: 'Sunt deschise prea multe pagini; închide câteva.',
    en: 'Too many pages are open; close some.',
  },
  'too-many-own-feeds': {
    status: 429,
    ro: 'Ai prea multe pagini deschise; închide câteva.',
    en: 'You have too many pages open; close some.',
  },
  'agreement-unsigned': {
    status: 403,
    ro: 'Semnează mai întâi acordul de confidențialitate; fără el datele primăriei nu se arată.',
    en: 'Sign the confidentiality agreement first; without it no city data is shown.',
  },
  'agreement-changed': {
    status: 409,
    ro: 'Textul acordului s-a schimbat între timp. Citește-l din nou.',
    en: 'The text of the agreement has changed meanwhile. Read it again.',
  },
  'agreement-without-name': {
    status: 400,
    ro: 'Textul nu numește persoana care semnează: scrie {nume} acolo unde apare numele ei.',
    en: 'The text does not name the person who signs: write {nume} where their name belongs.',
  },
  'agreement-without-employer': {
    status: 400,
    ro: 'Textul nu numește angajatorul: scrie {angajator} acolo unde apare numele firmei.',
    en: 'The text does not name the employer: write {angajator} where the firm’s name belongs.',
  },
  'agreement-unknown-placeholder': {
    status: 400,
    ro: 'Între acolade pot sta numai {nume} și {angajator}; altceva ar rămâne scris întocmai în textul semnat.',
    en: 'Only {nume} and {angajator} may stand in braces; anything else would remain in the signed text as it is.',
  },
  'name-differs': {
    status: 400,
    ro: 'Numele scris nu este numele contului. Semnează cu numele din text.',
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
    ro: 'Nimeni nu își schimbă singur rolurile și nu își închide singur contul. Roagă un alt administrator.',
    en: 'You cannot change your own roles or close your own account. Ask another administrator.',
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
    ro: 'Administratorul și auditorul nu au alt rol: cine dă conturile nu vede datele primăriei, iar cine controlează nu se controlează pe sine.',
    en: 'Administrators and auditors have no other role: an account that manages accounts sees no city data, and nobody audits themselves.',
  },
  ...accountSentences,
  ...configurationSentences,
  ...connectionSentences,
  ...contactSentences,
  ...peopleImportSentences,
  ...declaredDaySentences,
  ...programSentences,
  ...knowledgeSentences,
  'contract-ended': {
    status: 409,
    ro: 'Contractul acestui angajator s-a încheiat. Reia-l mai întâi.',
    en: 'The contract of this employer has ended. Renew it first.',
  },
  'no-such-employer': {
    status: 404,
    ro: 'Niciun cont nu are acest angajator.',
    en: 'No account has this employer.',
  },
  'own-employer': {
    status: 409,
    ro: 'Este și angajatorul tău: ți-ai închide singur contul.',
    en: 'This is also your own employer: you would close your own account.',
  },
  ...identitySentences,
  'recording-withheld': {
    status: 403,
    ro: 'Înregistrarea cuprinde o verificare a identității care nu poate fi separată; o poate asculta numai auditorul, cu motiv.',
    en: 'The recording contains an identity check that cannot be silenced; only the auditor may hear it, with a reason.',
  },
  'no-reason': {
    status: 400,
    ro: 'Scrie motivul.',
    en: 'State the reason.',
  },
  'fiscal-away': {
    status: 503,
    ro: 'Baza de date fiscală nu răspunde acum. Apelul merge mai departe și nu s-a pierdut nicio încercare; încearcă din nou.',
    en: 'The fiscal database is not available now. The call goes on and no attempt was lost; try again.',
  },
  'bad-signature': {
    status: 401,
    ro: 'Semnătura mesajului lipsește, nu se potrivește sau este mai veche de cinci minute.',
    en: 'The message’s signature is missing, does not match, or is older than five minutes.',
  },
  'request-not-known': {
    status: 404,
    ro: 'Nu avem o cerere cu acest număr de înregistrare.',
    en: 'We have no request with this registration number.',
  },
  'not-waiting': {
    status: 404,
    ro: 'Acest mesaj nu mai așteaptă: a ajuns între timp la sistemul de documente.',
    en: 'This message is no longer waiting: it has reached the document system in the meantime.',
  },
} as const satisfies Record<string, Sentence>

export type Code = keyof typeof sentences

export const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  416: 'Range Not Satisfiable',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
}
