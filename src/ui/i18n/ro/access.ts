export const access = {
  closed: {
    call: 'Apelul acesta nu este al tău și nici al cetățeanului cu care vorbești. Se poate deschide pentru 15 minute, cu un motiv.',
    request:
      'Cererea aceasta nu este înregistrată de tine și nu este nici a cetățeanului cu care vorbești. Se poate deschide pentru 15 minute, cu un motiv.',
  },
  basis: { own: 'al său', 'present caller': 'al apelantului de atunci', reason: 'cu motiv' },
  reason: 'Motivul',
  choose: 'alege…',
  reasons: {
    'citizen asks': 'cetățeanul întreabă, de la alt număr sau de la ghișeu',
    'colleague asks': 'întreabă un coleg sau o direcție',
    'call back': 'trebuie sunat cetățeanul',
    correction: 'îndreptarea unei greșeli',
    other: 'alt motiv',
  },
  text: 'Pe scurt',
  textHint: 'cine a cerut și la ce îi trebuie',
  open: 'Deschide',
  onRecord: 'Motivul se consemnează, cu numele tău și ora, și îl văd supervizorul și auditorul.',
  alerts: 'Accesări neobișnuit de multe, în ultimele 24 de ore',
  noAlerts: 'Nimic deosebit.',
  alert:
    '{{name}}: accesări într-o oră: {{looks}}; dintre ele, în afara apelurilor proprii: {{reasons}}. Ultima: {{at}}',
  rule: 'Praguri pe oră: accesări, {{looksPerHour}}; în afara apelurilor proprii, {{reasonsPerHour}}.',
  stated: 'Deschise cu motiv, în ultimele 30 de zile',
  noneStated: 'Încă nimic.',
  at: 'Când',
  who: 'Cine',
  what: 'Ce',
  theCall: 'un apel',
  textGone: 'șters la sfârșitul termenului de păstrare',
  strip: 'accesări de urmărit',
}
