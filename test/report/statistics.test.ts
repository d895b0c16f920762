import { expect, test } from 'vitest';
import { statistics } from '../../src/report/statistics.ts';
import { finding, marked, place } from './support.ts';

const location = place(marked('a.yaml', '«a»'));

test('counts by severity and rule, the worst and most frequent first', () => {
  const fixes = [{ title: 'x', safe: true, edits: [] }];
  const many = Array.from({ length: 9 }, () => finding({ location, rule: 'often', code: 'EL002', severity: 'warning' }));
  const list = [
    ...many,
    finding({ location, rule: 'b', code: 'EL004', fixes }),
    finding({ location, rule: 'b', code: 'EL004' }),
    finding({ location, rule: 'a', code: 'EL003' }),
    finding({ location, rule: 'often', code: 'EL002', severity: 'info' }),
    ...many,
  ];
  expect(statistics(list)).toBe(
    [' 2  error    EL004  b (1 with a safe fix)', ' 1  error    EL003  a', '18  warning  EL002  often', ' 1  info     EL002  often', ''].join('\n'),
  );
});

test('nothing found is nothing said', () => expect(statistics([])).toBe(''));
