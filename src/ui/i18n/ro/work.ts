export const work = {
  tabs: { label: 'Lucrul la apel', caller: 'Apelant', papers: 'Acte', requests: 'Cereri', taxes: 'Taxe' },
  clear: 'Renunță la căutare',
}
