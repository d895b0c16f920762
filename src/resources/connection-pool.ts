import { boolean, integer, object, oneOf, uint32 } from './field.ts';
import { duration } from './shared-fields.ts';

const tcpKeepalive = object('TcpKeepalive', {
  probes: uint32(),
  time: duration(),
  interval: duration(),
});

const tcpSettings = object('TCPSettings', {
  maxConnections: integer(),
  connectTimeout: duration(),
  tcpKeepalive: tcpKeepalive,
  maxConnectionDuration: duration(),
  idleTimeout: duration(),
});

const connectionKeepalive = object('ConnectionKeepalive', {
  interval: duration(),
  timeout: duration(),
});

const httpSettings = object('HTTPSettings', {
  http1MaxPendingRequests: integer(),
  http2MaxRequests: integer(),
  maxRequestsPerConnection: integer(),
  maxRetries: integer(),
  idleTimeout: duration(),
  h2UpgradePolicy: oneOf(['DEFAULT', 'DO_NOT_UPGRADE', 'UPGRADE']),
  useClientProtocol: boolean(),
  maxConcurrentStreams: integer(),
  http2KeepAlive: connectionKeepalive,
});

export const connectionPoolSettings = object('ConnectionPoolSettings', {
  tcp: tcpSettings,
  http: httpSettings,
});
