/**
 * Names that a recognizer of small grammars can hear: the most frequent ones of the US census, and
 * no rarer, since every further name is one more to be mistaken for. Others are left to the
 * read-back, to spelling and to better recognizers.
 */

export const FIRST_NAMES: readonly string[] = words(`
  james john robert michael william david richard joseph thomas charles christopher daniel matthew
  anthony mark donald steven paul andrew kenneth joshua kevin brian george edward ronald timothy
  jason jeffrey ryan jacob gary nicholas eric jonathan stephen larry justin scott brandon frank
  benjamin gregory samuel raymond patrick alexander jack dennis jerry tyler aaron henry adam peter
  nathan walter kyle carl arthur albert sean bruce bryan jordan louis russell philip bobby oliver
  lucas leo oscar simon martin max tom mike joe ben sam dan tony
  mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty sandra
  margaret ashley kimberly emily donna michelle carol amanda melissa deborah stephanie rebecca laura
  sharon cynthia kathleen amy angela shirley anna brenda pamela emma nicole helen samantha katherine
  christine rachel carolyn janet maria heather diane olivia julie joyce victoria ruth virginia lauren
  kelly christina joan evelyn judith andrea hannah jacqueline martha gloria teresa ann sara madison
  kate jane julia grace alice sophia claire lucy nina eva sofia
`);

export const LAST_NAMES: readonly string[] = words(`
  smith johnson williams brown jones garcia miller davis rodriguez martinez hernandez lopez gonzalez
  wilson anderson thomas taylor moore jackson martin lee perez thompson white harris sanchez clark
  ramirez lewis robinson walker young allen king wright scott torres nguyen hill flores green adams
  nelson baker hall rivera campbell mitchell carter roberts gomez phillips evans turner diaz parker
  cruz edwards collins reyes stewart morris morales murphy cook rogers gutierrez ortiz morgan cooper
  peterson bailey reed kelly howard ramos kim cox ward richardson watson brooks chavez wood james
  bennett gray mendoza ruiz hughes price alvarez castillo sanders patel myers long ross foster
  jimenez powell jenkins perry russell sullivan bell coleman butler henderson barnes fisher
  simmons jordan patterson hamilton graham wallace cole west hayes murray marshall
  ford mason rose stone hunt black palmer burns wagner hoffman schmidt weber klein
`);

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}
