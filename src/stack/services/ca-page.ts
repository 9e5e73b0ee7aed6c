/** The page that offers the local authority's certificate, with the steps to trust it. */

/** `address` and `port` of the HTTPS front, to go on to afterwards. */
export function caPage(address: string, port: number): string {
  const host = address.includes(':') ? `[${address}]` : address
  const onward = `https://${host}:${port}/`
  return `<!doctype html>
<html lang="ro">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Certificatul Linia 969</title>
<style>
  :root { color-scheme: light dark }
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 42rem; margin: 2rem auto; padding: 0 1rem }
  a.get { display: inline-block; padding: .6rem 1rem; border: 2px solid; border-radius: 4px; font-weight: 600 }
  section + section { border-top: 1px solid; margin-top: 2rem }
</style>
<main>
<section>
<h1>Certificatul Linia 969</h1>
<p>Browserul dă voie la microfon numai pe pagini sigure. Instalați o singură dată certificatul autorității
locale a primăriei pe acest calculator, apoi deschideți aplicația.</p>
<p><a class="get" href="/ca/linia-969.crt">Descarcă certificatul</a></p>
<ul>
<li><b>Windows (Chrome, Edge):</b> deschideți fișierul → Instalare certificat → Utilizator curent → Se plasează
toate certificatele în următorul depozit → Autorități de certificare rădăcină de încredere → Terminare.</li>
<li><b>Firefox:</b> Setări → Confidențialitate și securitate → Vizualizare certificate → Autorități → Importă →
bifați „Acordă încredere… pentru identificarea siturilor web”.</li>
<li><b>Linux (Chrome):</b> Setări → Confidențialitate și securitate → Securitate → Gestionează certificatele →
Autorități → Importă.</li>
<li><b>macOS:</b> deschideți fișierul în Acces portchei → Sistem → Fiabilitate → Se acceptă întotdeauna.</li>
</ul>
<p>Comparați amprenta certificatului cu cea afișată de administrator la pornire.</p>
<p><a href="${onward}">Deschide aplicația</a></p>
</section>
<section lang="en">
<h1>The certificate of Linia 969</h1>
<p>Browsers give a microphone to secure pages only. Install the certificate of the city hall’s local authority
once on this computer, then open the application.</p>
<p><a class="get" href="/ca/linia-969.crt">Download the certificate</a></p>
<ul>
<li><b>Windows (Chrome, Edge):</b> open the file → Install Certificate → Current User → Place all certificates in
the following store → Trusted Root Certification Authorities → Finish.</li>
<li><b>Firefox:</b> Settings → Privacy &amp; Security → View Certificates → Authorities → Import → tick “Trust this
CA to identify websites”.</li>
<li><b>Linux (Chrome):</b> Settings → Privacy and security → Security → Manage certificates → Authorities →
Import.</li>
<li><b>macOS:</b> open the file in Keychain Access → System → Trust → Always Trust.</li>
</ul>
<p>Compare the certificate’s fingerprint with the one that the administrator saw at start.</p>
<p><a href="${onward}">Open the application</a></p>
</section>
</main>
</html>
`
}
