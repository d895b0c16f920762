import XMLBuilder from 'fast-xml-builder';
import { wellFormed } from './terminal-text.ts';

/** An element as fast-xml-builder takes it: keys that start with `@` are attributes, `#text` is text, the others are child elements. */
export interface XmlElement {
  readonly [key: string]: string | number | XmlElement | readonly XmlElement[];
}

/** Everything that XML 1.0 does not allow in a document, however it is written. Lone surrogates are replaced before. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to leave out
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** An XML document of one root element. What XML cannot hold becomes U+FFFD. Readers turn line ends in attributes into spaces. */
export function xmlText(root: string, element: XmlElement): string {
  const builder = new XMLBuilder({
    attributeNamePrefix: '@',
    ignoreAttributes: false,
    suppressBooleanAttributes: false,
    suppressEmptyNode: true,
    format: true,
    attributeValueProcessor: (_, value) => legal(value),
    tagValueProcessor: (_, value) => legal(value),
  });
  const text = builder.build({ [root]: element });
  return `<?xml version="1.0" encoding="UTF-8"?>\n${text}`;
}

function legal(value: unknown): string {
  return wellFormed(String(value)).replace(NOT_XML, '\ufffd');
}
