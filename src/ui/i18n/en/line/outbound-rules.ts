/** The rules for calls to citizens (`/configuration?tab=outbound`). */
export const outboundRules = {
  tab: 'Calls to citizens',
  title: 'Calls to citizens',
  lead: 'Which numbers agents may call, and how often. Premium numbers (090x), 112 and the city’s own are never called from the desk, and abroad only what the server’s settings allow as well.',
  ofServer: 'the server’s settings',
  ofServerNow: 'The server’s settings hold:',
  own: 'The rules here hold.',
  makeOwn: 'Set the rules here',
  asServer: 'Go back to the server’s settings',
  none: 'none',
  beginning: '{{number}}: all numbers that begin so',
  whole: '{{number}}: the short number, as a whole',
  tooMany: 'At most {{max}} numbers: until you take some out, the list from before stays.',
  pointless: '(another row has it already)',
  fields: {
    allowed: 'Numbers allowed',
    allowedToSupervisors: 'Further ones, for supervisors',
    agents: 'What agents call',
    supervisors: 'What supervisors call',
    perHour: 'Citizens called within an hour by one agent',
    perHourAll: 'Typed numbers called within an hour by all',
  },
  hint: {
    allowed:
      'Beginnings, with their country (+40256), and whole short numbers (0219), separated by commas. Citizens whom the line calls back have to be among them too.',
    allowedToSupervisors: 'The same, only for agents who are supervisors as well.',
    agents: '“Back only”: the number of a call or of a request, none that is typed.',
    supervisors: 'For agents who are supervisors as well.',
    perHour: '0: no calls at all.',
    perHourAll: 'Calls back do not count. 0: no number is typed.',
  },
  rights: {
    any: 'any number allowed',
    returns: 'back only',
    none: 'nothing',
  },
}
