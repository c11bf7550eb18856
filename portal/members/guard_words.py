"""The words by which `members.guard` knows a sensitive trait, in many languages. Accents and case do not matter.

`PARTS` mean it wherever they stand in a word ("Religionszugehörigkeit"); `WORDS` are whole words ("age" is not
"manager"); `ALONE` mean it only when nothing stands beside them ("Black", not "Black Friday"); what is several
words stands one beside the other. What means something else at work is in `HARMLESS`, and is taken out first.
"""

from collections.abc import Mapping
from enum import StrEnum


class Trait(StrEnum):
    """What nobody may be chosen, tagged or filtered by."""

    ethnicity = "ethnicity"
    religion = "religion"
    health = "health"
    sexuality = "sexuality"
    gender = "gender"
    age = "age"
    family = "family"
    union = "union"
    politics = "politics"
    body = "body"
    conviction = "conviction"

    @property
    def words(self) -> str:
        """What it is called on a page."""
        return _TRAIT_WORDS[self]


_TRAIT_WORDS = {
    Trait.ethnicity: "ethnic origin or nationality",
    Trait.religion: "religion or belief",
    Trait.health: "health or disability",
    Trait.sexuality: "sexuality",
    Trait.gender: "gender",
    Trait.age: "age",
    Trait.family: "family",
    Trait.union: "being in a union",
    Trait.politics: "political views",
    Trait.body: "body or genes",
    Trait.conviction: "convictions by a court",
}

HARMLESS = """
    health care, healthcare, health tech, healthtech, health technology, digital health, public health, health data,
    health informatics, health and safety, health check, health checks, health sector, health insurance, e health,
    code health, service health, system health, medical devices, medical technology, digital gesundheit,
    race condition, race conditions, race car, motor race, boat race, data race,
    european union, union types, union type, credit union, western union, page age, stone age, digital age,
    age of empires, asian market, asian markets, african market, african markets, asian cuisine, arab emirates,
    gender pay gap, political science, political economy, digital politics, policy, young enterprise, ernst young,
    ernst and young, parent company, parent teacher, blind test, blind review, double blind, blind tasting,
    colour blind test, lady bird, third party, first party, girl scouts cookies, faith in code, minor version,
    sex pistols, mother tongue, mother board, father ted, male connector, female connector, allergi free kitchen,
    object orientation, conviction rate optimisation, gravidade, gravidez tech
"""

PARTS: Mapping[Trait, str] = {
    Trait.ethnicity: """
        ethnic, ethnisch, ethnie, etnia, etnic, etnisk, etnisch, etnick, racial, rassisch, nationalit, nacionalidad,
        nazionalita, nationalitet, narodowosc, obywatelstwo, citizenship, staatsangehorigkeit, staatsburgerschaft,
        ciudadania, cidadania, cittadinanza, citoyennete, hautfarbe, skincolor, skincolour, migrationshintergrund,
        hispanic, latinx, caucasian, afroamerican, africanamerican, bipoc, aboriginal, kansalaisuus, uyruk,
        этнич, национальност, гражданств, εθνικοτητα, εθνοτητα
    """,
    Trait.religion: """
        religio, religij, religieu, religies, konfession, glaubens, godsdienst, uskonto, nabozenstv, vyznani,
        weltanschauung, kirchensteuer, kirchenmitglied, muslim, musulman, mussulman, islamic, islamisch, katholi,
        catholic, catolic, cattolic, katolick, protestant, evangelikal, orthodox christ, buddhis, budista, hinduis,
        judaism, judentum, antisemit, atheis, ateist, agnosti, jehovah, религи, вероисповедан, мусульман, θρησκε
    """,
    Trait.health: """
        disabilit, disabled, behinder, handicap, discapacid, deficiencia, niepelnospraw, funktionsneds,
        funktionshinder, medical record, medicalrecord, medical history, medicalhistory, medical condition,
        medicalcondition, health condition, health status, healthstatus, krankheit, krankenakte, enfermedad, doenca,
        malattia, maladie, gesundheit, schwanger, pregnan, enceinte, embarazad, embarazo, gravidez, incinta, zwanger,
        ciazy, autis, asperger, adhd, neurodiver, dyslexi, dislexi, depressi, bipolar disorder, schizophren, epilep,
        diabet, wheelchair, rollstuhl, allergi, psychiatr, hivpositiv, hiv positiv, cancer patient, cancer survivor,
        chronically ill, инвалид, здоровь, беременн, диагноз, болезн, αναπηρ, υγεια, εγκυος
    """,
    Trait.sexuality: """
        sexualit, sexualorient, sexualpref, orientation sexuelle, orientacion sexual, orientamento sessuale,
        orientacao sexual, homosex, homoseks, heterosex, heteroseks, bisexu, biseks, lesbian, lesbisch, lesbienne,
        lesbica, lgbt, queer, asexual, pansexual, sexlife, гомосексу, сексуальн, σεξουαλικ
    """,
    Trait.gender: """
        gender, geschlecht, transsex, nonbinar, nichtbinar, pronoun, pronomen, weiblich, mannlich, feminin, femenin,
        masculin, maschil, femminil, kobiet, mezczyzn, kvinnor, kvinder, vrouwen, sukupuol, cinsiyet, pohlavi,
        frauen, женщин, мужчин, гендер, φυλο, γυναικ
    """,
    Trait.age: """
        birthyear, yearofbirth, birthdate, dateofbirth, geburtsjahr, geburtsdatum, jahrgang, lebensalter, altersgrupp,
        fechadenacimiento, fecha de nacimiento, ano de nacimiento, datadinascita, data di nascita, anno di nascita,
        datanascimento, data de nascimento, ano de nascimento, datedenaissance, date de naissance, annee de naissance,
        geboortejaar, geboortedatum, rok urodzenia, data urodzenia, fodelsear, fodelsedatum, fodselsdato, fodselsar,
        syntymavuosi, syntymaaika, leeftijd, millennial, babyboomer, age group, agegroup, age range, agerange,
        age band, ageband, age bracket, minderjahrig, underage, elderly, rok narozeni, datum narozeni, dogum tarihi,
        возраст, год рожд, дата рожд, ηλικια, γεννησ
    """,
    Trait.family: """
        marital, maritalstatus, familienstand, verheiratet, estado civil, stato civile, etat civil, burgerlijke staat,
        stan cywilny, civilstand, childless, kinderlos, kinderwunsch, maternity, mutterschutz, elternzeit,
        single mother, single parent, alleinerziehend, children count, number of children, семейное положение, замужем
    """,
    Trait.union: """
        tradeunion, trade union, laborunion, labor union, labourunion, labour union, unionmember, union member,
        union rep, unionised, unionized, gewerkschaft, sindicat, sindacat, sindical, syndicat, vakbond, fackforening,
        fackmedlem, fagforening, ammattiliit, zwiazek zawodowy, zwiazku zawodow, zwiazki zawodow, odborar, sendika,
        betriebsrat, профсоюз, συνδικατ
    """,
    Trait.politics: """
        politic, politisch, politique, politik, politisk, polityczn, partymember, party member, party affiliation,
        parteimitglied, parteizugehor, parteibuch, partido, partito, socialdemocrat, sozialdemokrat, communist,
        kommunist, comunist, fascis, faschis, rightwing, right wing, leftwing, left wing, voting intention,
        wahlverhalten, политич, партийн, πολιτικ
    """,
    Trait.body: """
        biometri, genetic test, genetic data, genetische daten, bloodtype, blood type, blutgruppe, groupe sanguin,
        grupo sanguineo, gruppo sanguigno, bodyweight, body weight, korpergewicht, bodyheight, body height, bodytype,
        body type, биометр
    """,
    Trait.conviction: """
        criminalrecord, criminal record, criminalhistory, criminal history, vorstrafe, fuhrungszeugnis,
        casier judiciaire, antecedentes penales, antecedentes criminais, strafblad, casellario, exconvict, ex convict,
        ex offender, karalnosc, судимост
    """,
}

WORDS: Mapping[Trait, str] = {
    Trait.ethnicity: """
        race, races, rasse, raza, razza, raca, nationality, national origin, country of birth, birth country,
        geburtsland, country of origin, herkunftsland, pays de naissance, pais de nacimiento, jew, jews, arab, arabs,
        asian, asians, african, africans, latino, latina, latinos, latinas, gypsy, sinti, indigenous, person of color,
        person of colour, people of color, people of colour, skin color, skin colour, black people, black women,
        black woman, black men, black man, black talent, black talents, black candidate, black candidates,
        black engineers, black developers, black designers, black professionals, white people, white men, white women,
        migrant, migrants, immigrant, immigrants, refugee, refugees, fluchtling, fluchtlinge, minority, minorities,
        minderheit, minderheiten, diversity candidate, diverse candidate, diversity hire, underrepresented,
        种族, 民族, 国籍, 種族, 國籍, 人種, 인종, 민족, 국적, عرق, جنسية, גזע, לאום, אזרחות, раса, φυλη
    """,
    Trait.religion: """
        faith, glaube, wiara, islam, jewish, juif, juive, judio, judia, ebreo, ebrea, juden, judisch, joods, hindu,
        hindus, sikh, sikhs, christian, christians, chretien, chretienne, cristiano, cristiana, cristao, mormon,
        mormons, denomination, church member, kopftuch, hijab, halal, kosher, confession, vallas,
        宗教, 信仰, 종교, دين, ديانة, מוסלם, דת, вера, христианин
    """,
    Trait.health: """
        health, diagnosis, sick, sickness, illness, krank, salud, saude, salute, sante, gezondheid, zdrowie, halsa,
        helse, terveys, saglik, hiv, cancer, blind, deaf, gehorlos, taubstumm, sick leave, sick days, fehltage,
        adhs, burnout, mental health, 健康, 残疾, 殘疾, 障害, 障がい, 怀孕, 懷孕, 妊娠, 疾病, 장애, 건강,
        임신, إعاقة, صحة, حمل, נכות, בריאות, הריון
    """,
    Trait.sexuality: """
        sexual, sexual orientation, gay, gays, lesbe, lesben, schwul, schwule, bi sexual, sex life, same sex,
        性取向, 同性恋, 性的指向, 성적, ميول, гей
    """,
    Trait.gender: """
        sex, sexe, sexo, sesso, geslacht, kjonn, female, females, male, males, woman, women, womens, men only, men,
        girl, girls, boys, ladies, femme, femmes, homme, hommes, mujer, mujeres, hombre, hombres, donna, donne, uomo,
        uomini, mulher, mulheres, homens, vrouw, kvinna, kvinne, kvinde, nainen, kadin, erkek, transgender,
        trans people, trans person, trans man, trans woman, transman, transwoman, non binary, enby, intersex,
        he him, she her, they them, w m d, m w d, m f d, m f x, f m x, anrede, civilite,
        性别, 性別, 女性, 男性, 성별, 여성, 남성, جنس, أنثى, ذكر, מין, מגדר, пол
    """,
    Trait.age: """
        age, ages, aged, edad, idade, wiek, yas, varsta, dob, year of birth, birth year, birth date, date of birth,
        born in, born before, born after, generation z, gen z, genz, generation x, gen x, generation y, gen y,
        gen alpha, boomer, boomers, baby boomer, baby boomers, young, younger, older, jung, junge, jeune, jeunes, joven,
        jovenes, giovane, giovani, jovem, jovens, old people, retiree, retirees, pensioner, pensioners, rentner,
        teenager, teenagers, over fifty, over forty, under thirty,
        年龄, 年齡, 年齢, 生年月日, 生年, 出生日期, 出生年份, 나이, 연령, 생년월일, عمر, ميلاد, גיל, לידה
    """,
    Trait.family: """
        married, unmarried, divorced, widowed, ledig, geschieden, casado, casada, soltero, soltera, has children,
        has kids, mother, mothers, mutter, father, fathers, vater, parent, parents, eltern, parental leave, spouse,
        婚姻, 已婚, 결혼, حالة اجتماعية, מצב משפחתי
    """,
    Trait.union: "工会, 工會, 労働組合, 노조, نقابة",
    Trait.politics: """
        voter, voters, socialist, socialists, republicans, democrats, 政治, 政党, 政黨, 党员, 정치, سياسة, حزب,
        פוליטיקה, партия
    """,
    Trait.body: "血型, 혈액형, genetics test",
    Trait.conviction: "conviction, convictions, convicted, felon, felony, felonies, 犯罪, 범죄",
}

ALONE: Mapping[Trait, str] = {
    Trait.ethnicity: "black, white, brown, blacks, whites, origin, ethnos, colour of skin",
    Trait.religion: "foi, fede, belief, beliefs, baptist, church",
    Trait.health: "ill, medical, blood, aids, diagnostic",
    Trait.sexuality: "orientation, homo, hetero, bi, straight",
    Trait.gender: "man, m, f, w, d, divers, herr, frau, mann, manner, boy, lady, trans, salutation, m f, f m, w m, m w",
    Trait.age: "alter, alder, ika, vek, old, minor, minors, senior citizen, senior citizens, year born",
    Trait.family: "kinder, children, kids, family, single",
    Trait.union: "union, unions, verdi",
    Trait.politics: "party, partei, parti, vote, votes, liberal, conservative, republican, democrat",
    Trait.body: "dna, genes, weight, bmi, height",
    Trait.conviction: "criminal",
}

ACCENTED: Mapping[Trait, str] = {
    Trait.age: "età, âge, âgé, ålder, yaş, věk",
    Trait.gender: "kön, køn, płeć",
}
"""As they are written: without their accents they are other words ("ETA")."""
