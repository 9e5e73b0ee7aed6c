/** Whether PostgreSQL has refused a row for this constraint of ours (SQLSTATE class 23). */
export function refusedBy(error: unknown, constraint: string): boolean {
  return error instanceof Error && 'constraint' in error && error.constraint === constraint
}
