/** The page behind an unsubscribe link: what it is about, and one button each way. No script, nothing from elsewhere. */
import { escapeHtml } from '../../../kernel/escape-html.ts';

export type PreferencePage = 'ask' | 'unsubscribed' | 'subscribed' | 'unknown';

const texts: Readonly<Record<PreferencePage, { readonly title: string; readonly text: string }>> = {
  ask: { title: 'Unsubscribe', text: 'Do you want to stop receiving these e-mails?' },
  unsubscribed: { title: 'You are unsubscribed', text: 'You will receive no more of these e-mails.' },
  subscribed: { title: 'You are subscribed', text: 'You will receive these e-mails again.' },
  unknown: { title: 'This link is not valid', text: 'It may be incomplete, or its message may be gone.' },
};

const buttons: Readonly<Partial<Record<PreferencePage, { readonly value: string; readonly label: string }>>> = {
  ask: { value: 'unsubscribe', label: 'Unsubscribe' },
  unsubscribed: { value: 'subscribe', label: 'Receive them again' },
  subscribed: { value: 'unsubscribe', label: 'Unsubscribe' },
};

/** @param sender name of the project; shown, so it is escaped */
export function preferencePage(page: PreferencePage, sender: string): string {
  const { title, text } = texts[page];
  const button = buttons[page];
  const form =
    button === undefined
      ? ''
      : `<form method="post"><button name="choice" value="${button.value}">${button.label}</button></form>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; background: #f2f3f3; color: #16191f; }
main { max-width: 26rem; margin: 12vh auto 0; padding: 2rem; background: #fff; border-radius: 12px; }
h1 { font-size: 1.4rem; margin: 0 0 .5rem; }
button { font: inherit; padding: .5rem 1.2rem; border: 0; border-radius: 20px; background: #0972d3; color: #fff; cursor: pointer; }
button:focus-visible { outline: 3px solid #7db9f5; }
.sender { color: #545b64; margin: 0 0 1rem; }
</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p class="sender">${escapeHtml(sender)}</p>
<p>${text}</p>
${form}
</main>
</body>
</html>
`;
}
