export const signIn = {
  title: 'Linia 969',
  lead: 'Centrul de apel al primăriei',
  username: 'Utilizator',
  password: 'Parolă',
  submit: 'Intră',
  wrong: 'Utilizatorul sau parola nu se potrivesc.',
  slow: 'Prea multe încercări. Așteaptă un minut, apoi încearcă din nou.',
  demo: 'Demonstrație: intră direct ca',
  demoNote: 'Doar pe acest calculator; fiecare buton intră într-un cont de probă.',
}
