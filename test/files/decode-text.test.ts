import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeText } from '../../src/files/decode-text.ts';

describe('decodeText', () => {
  const text = fc.string({ unit: 'grapheme' }).filter((each) => !each.includes('\0'));

  test('gives back every text, its byte order mark included', () => {
    fc.assert(
      fc.property(text, fc.boolean(), (plain, hasMark) => {
        const written = hasMark ? `\ufeff${plain}` : plain;
        expect(decodeText(Buffer.from(written, 'utf8'))).toEqual({ text: written });
      }),
    );
  });

  test('gives back every text in UTF-16 with a byte order mark', () => {
    fc.assert(
      fc.property(text, (plain) => {
        const bytes = Buffer.from(`\ufeff${plain}`, 'utf16le');
        expect(decodeText(bytes)).toEqual({ text: `\ufeff${plain}` });
        expect(decodeText(Buffer.from(bytes).swap16())).toEqual({ text: `\ufeff${plain}` });
      }),
    );
  });

  test('names the first byte that is no UTF-8 and its line', () => {
    fc.assert(
      fc.property(text, text, fc.constantFrom(0x80, 0xbf, 0xc0, 0xf5, 0xff), (before, after, byte) => {
        const bytes = Buffer.concat([Buffer.from(before), Buffer.from([byte]), Buffer.from(after)]);
        if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) return;
        const line = before.split('\n').length;
        const hex = byte.toString(16).toUpperCase();
        expect(decodeText(bytes)).toEqual({ unreadable: `it is not UTF-8: byte 0x${hex} on line ${line} (saved as Latin-1 or Windows-1252?)` });
      }),
    );
  });

  test.each([
    ['a character that is cut off', Buffer.from('# ü\n# €').subarray(0, -1), /byte 0xE2 on line 2/],
    ['an encoded surrogate', Buffer.from([0x61, 0xed, 0xa0, 0x80]), /byte 0xED on line 1/],
    ['a NUL byte', Buffer.from('a: \0'), /byte 4 is NUL/],
    ['UTF-16 with a lone surrogate', Buffer.from('\ufeffa\ud800b', 'utf16le'), /not valid UTF-16LE/],
    ['UTF-16 of odd length', Buffer.from([0xfe, 0xff, 0x00]), /not valid UTF-16BE/],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0]), /binary/],
  ])('refuses %s', (_, bytes, reason) => {
    expect(decodeText(bytes)).toEqual({ unreadable: expect.stringMatching(reason) });
  });
});
