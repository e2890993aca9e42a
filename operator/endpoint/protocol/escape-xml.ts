// eslint-disable-next-line no-control-regex -- control characters are what this is about
const special = /[&<>"'\u0000-\u0008\u000B-\u001F\uFFFE\uFFFF]/g;
const hasSpecial = new RegExp(special.source);
const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;', '\r': '&#xD;' };

/**
 * Text for an XML element or attribute. What XML 1.0 cannot carry at all (control characters, U+FFFE, U+FFFF, half a surrogate pair)
 * becomes U+FFFD; a carriage return is escaped because parsers turn a bare one into a line feed.
 */
export function escapeXml(text: string): string {
  const wellFormed = text.isWellFormed() ? text : text.toWellFormed();
  if (!hasSpecial.test(wellFormed)) return wellFormed;
  return wellFormed.replace(special, (character) => entities[character] ?? '\uFFFD');
}
