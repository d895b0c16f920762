import { expect, test } from 'vitest';
import { colorLevel } from '../../src/cli/color.ts';

test.each([
  ['auto', {}, false, 0],
  ['auto', {}, true, 1],
  ['auto', { TERM: 'xterm-256color' }, true, 2],
  ['auto', { COLORTERM: 'truecolor' }, true, 3],
  ['auto', { TERM: 'dumb' }, true, 0],
  ['auto', { NO_COLOR: '' }, true, 1],
  ['auto', { NO_COLOR: '1' }, true, 0],
  ['auto', { NO_COLOR: '1', FORCE_COLOR: '3' }, true, 0],
  ['auto', { FORCE_COLOR: '' }, false, 1],
  ['auto', { FORCE_COLOR: 'true', TERM: 'xterm-256color' }, false, 2],
  ['auto', { FORCE_COLOR: '2' }, false, 2],
  ['auto', { FORCE_COLOR: '0', CLICOLOR_FORCE: '1' }, true, 0],
  ['auto', { CLICOLOR_FORCE: '1' }, false, 1],
  ['auto', { CLICOLOR_FORCE: '0' }, false, 0],
  ['always', { NO_COLOR: '1', TERM: 'dumb' }, false, 1],
  ['always', { COLORTERM: '24bit' }, false, 3],
  ['never', { FORCE_COLOR: '3' }, true, 0],
] as const)('--color %s with %j, terminal %s: level %i', (wish, env, isTerminal, level) => {
  expect(colorLevel(wish, env, isTerminal)).toBe(level);
});
