/** Refusals about recorded prompts (`sentences.ts`). */
export const promptSentences = {
  'prompt-not-a-wave': {
    status: 422,
    ro: 'Fișierul nu este un WAV pe 16 biți, cu unul sau două canale.',
    en: 'The file is not a WAV of 16 bits with one or two channels.',
  },
  'prompt-silent': {
    status: 422,
    ro: 'În înregistrare nu se aude nimic. Verifică microfonul și înregistrează din nou.',
    en: 'Nothing is heard in the recording. Check the microphone, and record again.',
  },
  'prompt-too-short': {
    status: 422,
    ro: 'Înregistrarea are mai puțin de o treime de secundă fără liniștea de la capete.',
    en: 'The recording is shorter than a third of a second without the silence at its ends.',
  },
  'prompt-too-long': {
    status: 422,
    ro: 'Înregistrarea are mai mult de un minut fără liniștea de la capete.',
    en: 'The recording is longer than a minute without the silence at its ends.',
  },
  'prompt-clipped': {
    status: 422,
    ro: 'Înregistrarea este distorsionată: microfonul este prea tare. Îndepărtează-l sau dă-l mai încet și înregistrează din nou.',
    en: 'The recording is distorted: the microphone is too loud. Move it away or turn it down, and record again.',
  },
  'music-silent': {
    status: 422,
    ro: 'În fișier nu se aude nimic. Alege altul.',
    en: 'Nothing is heard in the file. Choose another one.',
  },
  'music-too-short': {
    status: 422,
    ro: 'Muzica are mai puțin de 10 secunde fără liniștea de la capete: apelanții ar auzi-o mereu de la început. Alege o piesă mai lungă.',
    en: 'The music is shorter than 10 seconds without the silence at its ends: callers would hear its beginning again and again. Choose a longer piece.',
  },
  'music-too-long': {
    status: 422,
    ro: 'Muzica are mai mult de 4 minute. Taie o parte din ea sau alege altă piesă.',
    en: 'The music is longer than 4 minutes. Cut a part of it, or choose another piece.',
  },
  'music-clipped': {
    status: 422,
    ro: 'Muzica este distorsionată: prea mult din ea este la nivelul maxim. Alege un fișier mai puțin tare.',
    en: 'The music is distorted: too much of it is at full scale. Choose a file that is less loud.',
  },
  'prompt-not-prepared': {
    status: 422,
    ro: 'Sunetul nu este cel pe care l-a pregătit serverul. Pregătește înregistrarea din nou.',
    en: 'The sound is not one that the server has prepared. Prepare the recording again.',
  },
  'prompt-changed': {
    status: 409,
    ro: 'Cineva a publicat între timp altă versiune a acestui mesaj. Ascult-o și publică din nou dacă mai e nevoie.',
    en: 'Somebody has published another version of this prompt meanwhile. Listen to it, and publish again if it is still needed.',
  },
  'prompt-is-made': {
    status: 409,
    ro: 'Mesajul are deja vocea calculatorului.',
    en: 'The prompt has the machine’s voice already.',
  },
  'music-is-made': {
    status: 409,
    ro: 'Se aude deja melodia inițială.',
    en: 'The original melody is heard already.',
  },
  'prompt-not-in-use': {
    status: 409,
    ro: 'Acest text nu se mai aude: configurația sau anunțul s-a schimbat între timp. Înregistrează textul nou.',
    en: 'This text is no longer heard: the configuration or the notice has changed meanwhile. Record the new text.',
  },
  'no-prompt-sound': {
    status: 404,
    ro: 'Acest sunet nu există pe acest server.',
    en: 'This sound is not on this server.',
  },
  'no-dictation': {
    status: 404,
    ro: 'Numărul nu mai este valabil: au trecut cele zece minute, sau ai cerut altul. Cere un număr nou.',
    en: 'The number is no longer valid: ten minutes are over, or you have asked for another one. Ask for a new number.',
  },
  'dictation-empty': {
    status: 422,
    ro: 'Nu s-a înregistrat nimic: telefonul a închis înainte de semnal, sau centrala nu înregistrează. Cere un număr nou.',
    en: 'Nothing was recorded: the phone hung up before the tone, or the exchange does not record. Ask for a new number.',
  },
  'too-many-dictations': {
    status: 429,
    ro: 'Sunt deja prea multe înregistrări la telefon în curs. Încearcă din nou peste câteva minute.',
    en: 'There are too many recordings by telephone already. Try again in some minutes.',
  },
  'dictation-not-here': {
    status: 409,
    ro: 'Acest server nu este lângă centrala telefonică. Înregistrează cu microfonul sau alege un fișier.',
    en: 'This server is not beside the telephone exchange. Record with the microphone, or choose a file.',
  },
  'no-prompt-preparation': {
    status: 503,
    ro: 'Înregistrarea nu a putut fi pregătită. Încearcă din nou.',
    en: 'The recording could not be prepared. Try again.',
  },
} as const
