/**
 * A receipt as a page for people: one file that loads nothing, runs nothing, and prints on paper. The receipt itself, as it
 * was signed, stands at its end, so that the page alone can be checked.
 */
import { hash } from 'node:crypto';
import { escapeHtml } from '../../../kernel/escape-html.ts';
import type { ErasureFacts, Receipt } from './document.ts';

const style = `
body { font: 15px/1.5 system-ui, sans-serif; margin: 0; background: #f2f3f3; color: #16191f; }
main { max-width: 52rem; margin: 2rem auto; padding: 2rem 2.5rem; background: #fff; border-radius: 12px; }
h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
.state { margin: .25rem 0 1.5rem; color: #545b64; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.5rem; margin: 0; }
dt { color: #545b64; } dd { margin: 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .3rem .5rem; border-bottom: 1px solid #d5dbdb; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; } tfoot td { font-weight: 600; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: .75rem; background: #f2f3f3; padding: 1rem; border-radius: 8px; }
@media print { body { background: #fff; } main { margin: 0; padding: 0; max-width: none; } tr, dl { break-inside: avoid; } }
`;

const policy = `default-src 'none'; style-src 'sha256-${hash('sha256', style, 'base64')}'; base-uri 'none'; form-action 'none'`;

const titles: Readonly<Record<ErasureFacts['kind'], string>> = {
  PERSON: 'Erasure of personal data',
  FILES: 'Erasure in files',
  PROJECT: 'Erasure of a project',
  ACCOUNT: 'Erasure of an account',
};

const states: Readonly<Record<string, string>> = {
  COMPLETED: 'Completed: a search afterwards found nothing that is left.',
  PARTIALLY_COMPLETED: 'Not complete: see below what could not be erased.',
  FAILED: 'Failed: not everything that was asked for was erased.',
};

/** @param document the receipt, byte for byte */
export function receiptPage(document: string): string {
  const receipt = JSON.parse(document) as Receipt;
  const { erasure } = receipt;
  const title = `${titles[erasure.kind]}: receipt ${receipt.number}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
<p class="state">${escapeHtml(stateOf(erasure))}</p>
${facts(aboutErasure(receipt))}
${about(erasure)}
${places(erasure)}
${kept(erasure)}
${skipped(erasure)}
<h2>Still to come</h2>
<ul>${receipt.physical.stillToCome.map((text) => `<li>${escapeHtml(text)}</li>`).join('')}</ul>
<h2>Proof</h2>
${facts(aboutProof(receipt))}
<p>Save the text below as <code>receipt.json</code>, without a line break at its end, and check it with
<code>repoint erasure verify receipt.json</code>. It works without a connection and without this server.</p>
<pre>${escapeHtml(document)}</pre>
</main>
</body>
</html>
`;
}

function stateOf({ state, mode, subject }: ErasureFacts): string {
  if (state !== 'COMPLETED') return states[state] ?? state;
  if (mode === 'SUPPRESS') return 'Completed: the identities may not be stored again. Nothing was erased.';
  if (mode === 'UNSUPPRESS') return 'Completed: the identities may be stored again. Nothing was erased.';
  if (subject?.matched === false) return 'Completed: nothing was held on the identities that were named.';
  return states['COMPLETED'] as string;
}

function aboutErasure({ account, erasure }: Receipt): [string, string | null][] {
  const { id, project, partOf, mode, origin, receivedAt, acceptedAt, completedAt } = erasure;
  return [
    ['Account', account],
    ['Project', project && `${project.id} in ${project.region}`],
    ['Erasure', id],
    ['Part of the erasure', partOf],
    ['Mode', mode],
    ['Asked for by', origin],
    ['Received', receivedAt],
    ['Gone from use', acceptedAt],
    ['Completed', completedAt],
  ];
}

function aboutProof(receipt: Receipt): [string, string | null][] {
  const { number, previous, key, publicKey, algorithm, issuedAt, software, ledgerHead, physical } = receipt;
  return [
    ['Place in the chain', String(number)],
    ['SHA-256 of the one before', previous ?? 'none: it is the first'],
    ['Ledger', ledgerHead],
    ['Issued', issuedAt],
    ['Software', software],
    ['Database', physical.database],
    ['Signature', `${algorithm}, key ${key}`],
    ['Public key', publicKey],
  ];
}

function about({ subject, messagesUnderWay }: ErasureFacts): string {
  if (subject === null) return '';
  const named = Object.entries(subject.identities).map(([type, count]) => `${count} × ${type}`);
  const found = `${subject.endpoints} endpoints, ${subject.users} users, ${subject.addresses} addresses`;
  return `<h2>Whom it was about</h2>${facts([
    ['Identities named', named.join(', ') || 'none'],
    ['They stood for', subject.matched ? found : 'nobody'],
    ['Messages already with a provider', String(messagesUnderWay)],
  ])}<p>Which identities they were is not kept.</p>`;
}

function places({ places: rows, erased }: ErasureFacts): string {
  const cells = rows.map(
    ({ name, ...counts }) =>
      `<tr><td>${escapeHtml(name)}</td>${number(counts.found)}${number(counts.erased)}${number(counts.retained)}${number(counts.left)}</tr>`,
  );
  return `<h2>Places</h2>
<table><thead><tr><th>Place</th>${['Found', 'Erased', 'Kept', 'Left'].map((name) => `<th class="number">${name}</th>`).join('')}</tr></thead>
<tbody>${cells.join('')}</tbody>
<tfoot><tr><td>All</td><td></td>${number(erased)}<td></td><td></td></tr></tfoot></table>`;
}

function kept({ kept: rows }: ErasureFacts): string {
  if (rows.length === 0) return '';
  const items = rows.map(
    ({ place, count, reason, until }) =>
      `<li>${escapeHtml(`${place}: ${count}. ${reason}${until === null ? '' : ` Until ${until}.`}`)}</li>`,
  );
  return `<h2>Kept, and why</h2><ul>${items.join('')}</ul>`;
}

function skipped({ skipped: rows }: ErasureFacts): string {
  if (rows.length === 0) return '';
  const items = rows.map(({ what, why }) => `<li>${escapeHtml(why)} <small>(${escapeHtml(what)})</small></li>`);
  return `<h2>Could not be erased</h2><ul>${items.join('')}</ul>`;
}

function facts(rows: readonly (readonly [string, string | null])[]): string {
  const known = rows.filter(([, value]) => value !== null);
  return `<dl>${known.map(([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value ?? '')}</dd>`).join('')}</dl>`;
}

function number(count: number): string {
  return `<td class="number">${count}</td>`;
}
