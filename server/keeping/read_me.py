"""The words that lie beside an export, so that whoever opens it needs nobody from us."""

READ_ME = """\
UTTREKK FRA OPPGANG

Mappa inneholder personopplysninger, også særlige kategorier. Oppbevar den kryptert, gi den bare
til dem som skal ha den, og slett den når den er brukt.

Alt er i åpne formater. Ingenting her krever Oppgang for å leses.

FILENE

<slag>.csv           Én rad for hver registrering av slaget, for eksempel visit.csv for hjemmebesøk.
                     Første rad er overskrifter. Valg står både som kode og med ord.
<slag>_<felt>.csv    Felt med flere svar, for eksempel visit_present.csv: én rad for hvert svar.
                     «Registrering» er den samme id-en som i <slag>.csv.
<slag>.jsonl         Det samme, nøyaktig slik det er lagret: én registrering per linje, som JSON.
                     «body» har alle felt, også de som ikke lenger er i bruk.
historikk.jsonl      Alt som er sendt inn, i rekkefølge: hvem, når, hva, og hva det ble til.
                     «effect» viser hva som sto der før. «sent» er tomt der noe er slettet.
brukere.csv          De som har eller har hatt tilgang. Passord er ikke med.
tilganger.csv        Roller, med område. Tomt område er hele organisasjonen.
telefoner.csv        Telefoner som er registrert.
stans_av_sletting.csv  Det som ikke skal slettes foreløpig, og hvorfor.
logg.csv             Uttrekk, roller, slettinger og annet som er gjort med helheten.
tilgangslogg.csv     Hvem som har lest hva, når, i hvilken rolle og hvorfor.
vakt.csv, varseladresser.csv, varselbrev.csv, trygt_besok.csv
                     Trygt besøk: hvem som har hatt vakt, hvor de leser e-post, og varslene.
importer.csv, importlinjer.csv   Filer som er importert, og hva hver av dem skrev.
bare_paa_nett.csv    Hvem som bare leser på telefonen når den har nett, og hvorfor.
integrasjoner.csv    Andre systemer med tilgang: hva de leser, og til når. Nøklene er ikke med.
nodtilgang.csv, aapnet.csv   Nødtilgang: hvem, hvorfor og til når, og hva som ble åpnet.
arkivpakker.csv, arkivlinjer.csv Det som er pakket til arkivet, og arkivets kvitteringer.
arkivbestillinger.csv  Hvem som bestilte en pakke til arkivet, og hva det ble av det.
innsyn.csv, sladdinger.csv   Krav om innsyn, hvem som godkjente, og hva som ble tatt ut og hvorfor.
regelendringer.csv, fristforslag.csv, merknader.csv, opplastinger.csv, katalog.csv
                     Endrede frister, merknader til kontoret, bilder på vei inn, og katalogen.
                     I disse og filene over, fra vakt.csv, er kolonnenavnene databasens egne.
slettekvitteringer.csv  Hvilke telefoner som har slettet det som ble slettet, og når.
slettet.csv          Id-en til det som er slettet for godt. Innholdet finnes ikke lenger.
bilder/<id>.jpg      Bilder. Id-en er den samme som i attachment.csv.
manifest.json        Antall rader og SHA-256 for hver fil, versjon og tidspunkt.

CSV-FILENE

Tegnsett UTF-8 med merke først, semikolon mellom feltene, hermetegn der feltet har semikolon,
hermetegn eller linjeskift. Tidspunkt er i UTC (2026-03-02T09:00:00.000Z), datoer 2026-03-02.
En tekst som et regneark ville tatt for en formel, har en apostrof foran seg. Den hører ikke til
teksten. Den nøyaktige teksten står i <slag>.jsonl.

ER ALT HER?

Det som gjelder strengt fortrolig adresse (kode 6), er bare med når den som tok uttrekket, ba om
det.

./run export --verify MAPPE sammenligner hver fil med manifest.json. Uten Oppgang:
regn ut SHA-256 av hver fil (sha256sum på Linux, Get-FileHash på Windows) og sammenlign selv.
"""
