/** What `npm run conformance` needs, for a bundle. */
export { answerCase, casesIn } from './case.ts';
export { judge } from './judge.ts';
export { reportOf } from './report.ts';
