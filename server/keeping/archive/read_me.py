"""The words that lie beside a package for the archive."""

READ_ME = """\
PAKKE TIL ARKIVET FRA OPPGANG

Mappa inneholder personopplysninger, også særlige kategorier. Oppbevar den kryptert, og slett den
når arkivet har mottatt den. Ingenting her krever Oppgang for å leses.

arkivstruktur.xml    Det som er pakket, med elementnavn og rekkefølge fra Noark 5: mappe for hver
                     bolig, sak eller bygning, registrering for det fristen er ute for, og
                     dokumentbeskrivelse for det og for det som hører til (tillegg og bilder).
                     Opplysninger Oppgang ikke har, er utelatt.
dokumenter/<mappe>/<registrering>.pdf   Slik den leses. PDF/A-2b (ISO 19005-2).
dokumenter/<mappe>/<registrering>.jpg   Bildet, der registreringen er et bilde.
dokumenter/<mappe>/<registrering>.json  Nøyaktig slik den er lagret. Et tegn skriften mangler,
                     står i PDF-en med nummeret sitt, for eksempel [U+1F469].
                     Bildene er slik de vises i Oppgang, uten sted og kamera. Filene slik telefonen
                     sendte dem, er ikke med, og slettes i Oppgang sammen med registreringen.
manifest.json        Antall byte og SHA-256 for hver fil, og hvilke registreringer pakken har.

KASSASJON

kassasjonsvedtak er «Bevares»: det er arkivet som bestemmer videre. kassasjonshjemmel er grunnlaget
Oppgang oppbevarer etter, bevaringstid antall år i Oppgang, og kassasjonsdato dagen den tida var
ute.

ER ALT HER?

./run export --verify MAPPE sammenligner hver fil med manifest.json og arkivstruktur.xml. Uten
Oppgang: regn ut SHA-256 av hver fil (sha256sum på Linux, Get-FileHash på Windows) og sammenlign.

De 8 første tegnene av SHA-256 for manifest.json er pakkens merke. Gi dem tilbake sammen med
kvitteringen: de skrives i Oppgang, så det er denne pakken og ingen annen som er mottatt.

Ingenting slettes i Oppgang før det er bekreftet der at arkivet har mottatt pakken: Sletting, Arkiv.
Det som er endret etter at pakken ble laget, blir stående og kommer med i den neste. Det som gjelder
strengt fortrolig adresse (kode 6), er bare med når den som laget pakken, ba om det.
"""
