import assert from 'node:assert/strict';
import { escapeXml } from '../../../../operator/endpoint/protocol/escape-xml.ts';

const cases: Readonly<Record<string, { text: string; want: string }>> = {
  'leaves plain text alone': { text: 'i-123 ключ 🦀', want: 'i-123 ключ 🦀' },
  'escapes markup': { text: `<a href="x">'&`, want: '&lt;a href=&quot;x&quot;&gt;&apos;&amp;' },
  'keeps line feeds and tabs': { text: 'a\n\tb', want: 'a\n\tb' },
  'escapes a carriage return, which a parser would turn into a line feed': { text: 'a\r\nb', want: 'a&#xD;\nb' },
  'replaces what XML cannot carry': { text: 'a\u0000b\u001bc\uffff', want: 'a\ufffdb\ufffdc\ufffd' },
  'replaces half a surrogate pair': { text: 'a\ud83eb', want: 'a\ufffdb' },
};

describe('escapeXml', () => {
  for (const [name, { text, want }] of Object.entries(cases)) it(name, () => assert.equal(escapeXml(text), want));
});
