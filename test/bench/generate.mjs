// Inputs for `npm run bench`: meshes and directory trees of any size. The same numbers give the same bytes.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Documents of one team: a Namespace, a Sidecar, and four for each of its two partners. */
const PER_TEAM = 10;
const PARTNERS = ['bank', 'parcel'];

/**
 * Writes a mesh: teams that call partners outside, each through the egress gateway. One team in a hundred has made a mistake.
 * @returns how many documents and files there are
 */
export function writeMesh(directory, documents) {
  let files = 0;
  const teams = Math.ceil(documents / PER_TEAM);
  for (let team = 0; team < teams; team++) {
    const namespace = `team-${team}`;
    const folder = path.join(directory, `region-${team % 20}`, namespace);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'base.yaml'), base(namespace, team % 100 === 99));
    for (const partner of PARTNERS) writeFileSync(path.join(folder, `${partner}.yaml`), egress(namespace, partner, `${partner}.${namespace}.example`));
    files += 1 + PARTNERS.length;
  }
  return { documents: teams * PER_TEAM, files };
}

/** Writes a tree of mostly YAML files, a tenth of them below node_modules, with ignore files at its root and in every twentieth folder. */
export function writeTree(directory, files) {
  const extensions = ['yaml', 'yaml', 'yml', 'yaml', 'md', 'json', 'go', 'yaml', 'txt'];
  mkdirSync(path.join(directory, '.git'), { recursive: true });
  writeFileSync(path.join(directory, '.gitignore'), 'node_modules/\nbuild/\n*.log\n/tmp\n**/generated/\n!kept.log\n');
  const perFolder = 20;
  for (let folder = 0; folder * perFolder < files; folder++) {
    const top = folder % 10 === 9 ? 'node_modules' : ['apps', 'clusters', 'platform'][folder % 3];
    const target = path.join(directory, top, `group-${folder % 41}`, `unit-${folder}`);
    mkdirSync(target, { recursive: true });
    if (folder % 20 === 0) writeFileSync(path.join(target, '.gitignore'), 'secret-*\n*.rendered.yaml\n');
    for (let file = 0; file < perFolder; file++) writeFileSync(path.join(target, `part-${file}.${extensions[(folder + file) % extensions.length]}`), 'a: 1\n');
  }
}

function base(namespace, isWrong) {
  return `apiVersion: v1
kind: Namespace
metadata:
  name: ${namespace}
  labels:
    istio-injection: enabled
---
# What this team may call.
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata:
  name: default
  namespace: ${namespace}
spec:
  egress:
    - hosts:
        - "./*"
        - "istio-system/*"
${isWrong ? '        - bank.example\n' : ''}`;
}

function egress(namespace, partner, host) {
  const metadata = (name) => `metadata:
  name: ${name}
  namespace: ${namespace}
  labels:
    app.kubernetes.io/part-of: ${partner}
    app.kubernetes.io/managed-by: kustomize`;
  return `# Calls to ${host} leave through the egress gateway.
apiVersion: networking.istio.io/v1
kind: ServiceEntry
${metadata(partner)}
spec:
  hosts:
    - ${host}
  location: MESH_EXTERNAL
  resolution: DNS
  ports:
    - number: 443
      name: tls
      protocol: TLS
---
apiVersion: networking.istio.io/v1
kind: Gateway
${metadata(`${partner}-egress`)}
spec:
  selector:
    istio: egressgateway
  servers:
    - port:
        number: 443
        name: tls-${partner}-${namespace}
        protocol: TLS
      hosts:
        - ${host}
      tls:
        mode: PASSTHROUGH
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
${metadata(partner)}
spec:
  host: ${host}
  trafficPolicy:
    connectionPool:
      tcp:
        maxConnections: 100
        connectTimeout: 3s
---
apiVersion: networking.istio.io/v1
kind: VirtualService
${metadata(partner)}
spec:
  hosts:
    - ${host}
  gateways:
    - mesh
    - ${partner}-egress
  tls:
    - match:
        - gateways: [mesh]
          port: 443
          sniHosts: [${host}]
      route:
        - destination:
            host: istio-egressgateway.istio-system.svc.cluster.local
            port: { number: 443 }
    - match:
        - gateways: [${partner}-egress]
          port: 443
          sniHosts: [${host}]
      route:
        - destination:
            host: ${host}
            port: { number: 443 }
`;
}
