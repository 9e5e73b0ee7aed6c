export const agreement = {
  title: 'Acordul de confidențialitate',
  why: 'Îl semnezi o singură dată, înainte să vezi datele primăriei. Apelurile le poți prelua și fără el.',
  changed: 'Textul, numele sau angajatorul din el s-a schimbat de la ultima ta semnătură: citește-l din nou.',
  name: 'Numele tău, ca în text',
  nameMissing: 'Scrie-ți numele întreg, ca în text.',
  sign: 'Semnez',
  onRecord: 'Semnătura se păstrează cu data, ora și textul de mai sus.',
  signed: 'Semnat {{date}}, la {{time}} (versiunea {{version}}).',
}
