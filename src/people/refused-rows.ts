/** Whether PostgreSQL rejected a row because of this constraint (SQLSTATE class 23). */
export function refusedBy(error: unknown, constraint: string): boolean {
  return error instanceof Error && 'constraint' in error && error.constraint === constraint
}
