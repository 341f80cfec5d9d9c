/** Voices as the service names them: Polly's in capitals. It takes no language, so a language chooses a voice. */
import { VoiceId } from '@aws-sdk/client-pinpoint-sms-voice-v2';

const known = new Set<string>(Object.values(VoiceId));

/** One standard voice for each language of Polly that the service knows. */
const voiceOfLanguage: Readonly<Record<string, VoiceId>> = {
  arb: 'ZEINA',
  'cmn-CN': 'ZHIYU',
  'cy-GB': 'GWYNETH',
  'da-DK': 'NAJA',
  'de-DE': 'MARLENE',
  'en-AU': 'NICOLE',
  'en-GB': 'AMY',
  'en-GB-WLS': 'GERAINT',
  'en-IN': 'RAVEENA',
  'en-US': 'JOANNA',
  'es-ES': 'LUCIA',
  'es-MX': 'MIA',
  'es-US': 'LUPE',
  'fr-CA': 'CHANTAL',
  'fr-FR': 'CELINE',
  'is-IS': 'DORA',
  'it-IT': 'BIANCA',
  'ja-JP': 'MIZUKI',
  'ko-KR': 'SEOYEON',
  'nb-NO': 'LIV',
  'nl-NL': 'LOTTE',
  'pl-PL': 'EWA',
  'pt-BR': 'CAMILA',
  'pt-PT': 'INES',
  'ro-RO': 'CARMEN',
  'ru-RU': 'TATYANA',
  'sv-SE': 'ASTRID',
  'tr-TR': 'FILIZ',
};

/** @returns undefined for the service's own default, and for what it does not know */
export function voiceOf({ voiceId, languageCode }: { readonly voiceId?: string; readonly languageCode?: string }) {
  const named =
    voiceId
      ?.normalize('NFD')
      .replace(/[^a-zA-Z]/g, '')
      .toUpperCase() ?? '';
  if (known.has(named)) return named as VoiceId;
  return languageCode !== undefined && Object.hasOwn(voiceOfLanguage, languageCode)
    ? voiceOfLanguage[languageCode]
    : undefined;
}
