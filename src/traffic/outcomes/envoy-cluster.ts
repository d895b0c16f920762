import type { ClusterKey } from '../terms/decision.ts';

/** Reads the name of a cluster, `outbound|443||a.example`; undefined for those that have no such name (`PassthroughCluster`, `inbound|…`). */
export function parseClusterName(name: string | undefined): ClusterKey | undefined {
  const match = /^outbound\|(\d+)\|([^|]*)\|(.+)$/.exec(name ?? '');
  return match ? { port: Number(match[1]), subset: match[2] ?? '', host: match[3] ?? '' } : undefined;
}
