/** When to color: as a flag says it. */
export type ColorWish = 'auto' | 'always' | 'never';

/** Chalk's levels: none, 16 colors, 256, all. */
export type ColorLevel = 0 | 1 | 2 | 3;

/**
 * How many colors to print. The flag beats the environment; in it NO_COLOR beats FORCE_COLOR, which beats CLICOLOR_FORCE; else a terminal decides.
 * @see https://no-color.org, https://force-color.org, https://bixense.com/clicolors
 */
export function colorLevel(wish: ColorWish, env: Readonly<Record<string, string | undefined>>, isTerminal: boolean): ColorLevel {
  if (wish === 'never') return 0;
  if (wish === 'always') return Math.max(1, terminalLevel(env)) as ColorLevel;
  const { NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE } = env;
  if (NO_COLOR) return 0;
  if (FORCE_COLOR !== undefined) return forced(FORCE_COLOR, env);
  if (CLICOLOR_FORCE && CLICOLOR_FORCE !== '0') return Math.max(1, terminalLevel(env)) as ColorLevel;
  return isTerminal ? terminalLevel(env) : 0;
}

function forced(value: string, env: Readonly<Record<string, string | undefined>>): ColorLevel {
  if (value === '0' || value === 'false') return 0;
  if (value === '1' || value === '2' || value === '3') return Number(value) as ColorLevel;
  return Math.max(1, terminalLevel(env)) as ColorLevel;
}

function terminalLevel({ TERM, COLORTERM }: Readonly<Record<string, string | undefined>>): ColorLevel {
  if (COLORTERM === 'truecolor' || COLORTERM === '24bit') return 3;
  if (TERM === 'dumb') return 0;
  return TERM?.includes('256') ? 2 : 1;
}
