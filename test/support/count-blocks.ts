import { Session } from 'node:inspector';

/**
 * Runs something and counts how often blocks of our own code are entered meanwhile: functions, loop bodies, branches, by V8's precise coverage.
 * A measure of work that does not depend on the machine or its load: the same input gives the same count.
 * @param files only scripts whose address contains one of these
 */
export function countBlocks(files: readonly string[], run: () => void): number {
  const session = new Session();
  session.connect();
  const post = (method: string, parameters: object = {}): object => {
    let answer: object | undefined;
    session.post(method, parameters, (error, result) => {
      if (error) throw error;
      answer = result ?? {};
    });
    // A session of its own process answers at once.
    if (!answer) throw new Error(`${method} did not answer`);
    return answer;
  };
  try {
    post('Profiler.enable');
    post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
    run();
    const { result } = post('Profiler.takePreciseCoverage') as { result: readonly Script[] };
    const scripts = result.filter(({ url }) => files.some((file) => url.includes(file)));
    return scripts.flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges.map(({ count }) => count))).reduce((sum, count) => sum + count, 0);
  } finally {
    post('Profiler.stopPreciseCoverage');
    session.disconnect();
  }
}

interface Script {
  readonly url: string;
  readonly functions: readonly { readonly ranges: readonly { readonly count: number }[] }[];
}
