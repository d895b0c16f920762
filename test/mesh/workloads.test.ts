import { expect, test } from 'vitest';
import { isSelectedBy } from '../../src/mesh/workloads.ts';
import { meshOf } from '../support/mesh-of.ts';

test.each([
  [{ app: 'shop', tier: 'web' }, { app: 'shop' }, true],
  [{ app: 'shop' }, { app: 'shop', tier: 'web' }, false],
  [{ app: 'shop' }, { app: 'bank' }, false],
  [{ app: 'shop' }, {}, true],
  [{}, {}, true],
  [{}, { app: 'shop' }, false],
])('labels %j are selected by %j: %s', (labels, selector, expected) => {
  expect(isSelectedBy(labels, selector)).toBe(expected);
});

const mesh = meshOf(`
apiVersion: v1
kind: Pod
metadata: { name: pod, namespace: shop, labels: { app: shop } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: deployment, namespace: shop, labels: { app: not-of-the-pods } }
spec: { template: { metadata: { labels: { app: shop, tier: web }, annotations: { note: x } } } }
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: stateful-set, namespace: shop }
spec: { template: { metadata: { labels: { app: db } } } }
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: cron-job, namespace: shop }
spec: { jobTemplate: { spec: { template: { metadata: { labels: { app: shop, tier: batch } } } } } }
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: bare, namespace: shop }
---
apiVersion: v1
kind: Pod
metadata: { name: other, namespace: bank, labels: { app: shop } }
`);

test.each([
  ['shop', { app: 'shop' }, ['cron-job', 'deployment', 'pod']],
  ['shop', { tier: 'web', app: 'shop' }, ['deployment']],
  ['shop', { app: 'not-of-the-pods' }, []],
  ['shop', {}, ['bare', 'cron-job', 'deployment', 'pod', 'stateful-set']],
  ['bank', { app: 'shop' }, ['other']],
  ['nowhere', {}, []],
])('Pods of %s with %j', (namespace, selector, expected) => {
  expect(
    mesh
      .podsSelected(namespace, selector)
      .map(({ resource }) => resource.name)
      .toSorted(),
  ).toEqual(expected);
});

test("a template's annotations are the Pods'", () => {
  expect(mesh.podsSelected('shop', { tier: 'web' })[0]?.annotations).toEqual({ note: 'x' });
});
