export const agentPath = (id: string): string => `/board/agents/${encodeURIComponent(id)}`
