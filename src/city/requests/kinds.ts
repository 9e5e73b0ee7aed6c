/** Kinds of requests: reclamație, sesizare, cerere, sugestie, propunere. */
export const requestKinds = ['complaint', 'notice', 'request', 'suggestion', 'proposal'] as const
export type RequestKind = (typeof requestKinds)[number]
