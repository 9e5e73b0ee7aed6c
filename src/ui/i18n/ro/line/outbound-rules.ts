/** Regulile apelurilor către cetățeni (`/configuration?tab=outbound`). */
export const outboundRules = {
  tab: 'Apeluri către cetățeni',
  title: 'Apeluri către cetățeni',
  lead: 'Ce numere pot suna operatorii și cât de des. Numerele cu suprataxă (090x), 112 și numerele primăriei nu se sună niciodată de la post, iar în străinătate doar ce permit și setările serverului.',
  ofServer: 'setările serverului',
  ofServerNow: 'Se aplică setările serverului:',
  own: 'Se aplică regulile de aici.',
  makeOwn: 'Stabilește regulile aici',
  asServer: 'Revino la setările serverului',
  none: 'niciunul',
  beginning: '{{number}}: toate numerele care încep așa',
  whole: '{{number}}: numărul scurt, întreg',
  tooMany: 'Cel mult {{max}} de numere: până scoți din ele, rămâne lista dinainte.',
  pointless: '(cuprins deja în alt rând)',
  fields: {
    allowed: 'Numere permise',
    allowedToSupervisors: 'În plus, pentru supervizori',
    agents: 'Ce sună operatorii',
    supervisors: 'Ce sună supervizorii',
    perHour: 'Cetățeni sunați într-o oră de un operator',
    perHourAll: 'Numere scrise sunate într-o oră de toți',
  },
  hint: {
    allowed:
      'Începuturi, cu țara lor (+40256), și numere scurte întregi (0219), despărțite prin virgulă. Și cetățenii pe care linia îi sună înapoi trebuie să fie printre ele.',
    allowedToSupervisors: 'La fel, doar pentru operatorii care sunt și supervizori.',
    agents: '„Numai înapoi”: numărul dintr-un apel sau dintr-o cerere, nu unul scris de mână.',
    supervisors: 'Pentru operatorii care sunt și supervizori.',
    perHour: '0: nu se sună deloc.',
    perHourAll: 'Apelurile înapoi nu se numără. 0: nu se scrie niciun număr.',
  },
  rights: {
    any: 'orice număr permis',
    returns: 'numai înapoi',
    none: 'nimic',
  },
}
