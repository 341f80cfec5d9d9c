/**
 * What a one-time password says, by language (dossier/messaging §6). English is the guide's; the others are ours.
 */
export const otpLanguages = {
  'de-DE': (code, brand) => `Ihr Einmalpasswort lautet: ${code} von ${brand}`,
  'en-GB': (code, brand) => `This is your One Time Password: ${code} from ${brand}`,
  'en-US': (code, brand) => `This is your One Time Password: ${code} from ${brand}`,
  'es-419': (code, brand) => `Esta es su contraseña de un solo uso: ${code} de ${brand}`,
  'es-ES': (code, brand) => `Esta es su contraseña de un solo uso: ${code} de ${brand}`,
  'fr-CA': (code, brand) => `Voici votre mot de passe à usage unique : ${code} de ${brand}`,
  'fr-FR': (code, brand) => `Voici votre mot de passe à usage unique : ${code} de ${brand}`,
  'it-IT': (code, brand) => `La tua password monouso è: ${code} da ${brand}`,
  'ja-JP': (code, brand) => `ワンタイムパスワード: ${code} (${brand})`,
  'ko-KR': (code, brand) => `일회용 비밀번호: ${code} (${brand})`,
  'pt-BR': (code, brand) => `Esta é a sua senha de uso único: ${code} de ${brand}`,
  'zh-CN': (code, brand) => `您的一次性密码是：${code}（${brand}）`,
  'zh-TW': (code, brand) => `您的一次性密碼是：${code}（${brand}）`,
} as const satisfies Readonly<Record<string, (code: string, brand: string) => string>>;

export type OtpLanguage = keyof typeof otpLanguages;
