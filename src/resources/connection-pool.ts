import { notNegative, oneHttpVersion, somePool, wholeKeepalive } from './checks/connection-pool.ts';
import { idleTimeout } from './checks/duration.ts';
import { boolean, int32, object, oneOf, string, uint32 } from './field.ts';
import { duration } from './shared-fields.ts';

const count = () => int32({ checks: [notNegative] });

const tcpKeepalive = object('TcpKeepalive', {
  probes: uint32(),
  time: duration(),
  interval: duration(),
});

const tcpSettings = object('TCPSettings', {
  maxConnections: count(),
  connectTimeout: duration(),
  tcpKeepalive,
  maxConnectionDuration: duration(),
  idleTimeout: string({ checks: [idleTimeout] }),
});

const connectionKeepalive = object('ConnectionKeepalive', { interval: duration(), timeout: duration() }, { checks: [wholeKeepalive] });

const httpSettings = object(
  'HTTPSettings',
  {
    http1MaxPendingRequests: count(),
    http2MaxRequests: count(),
    maxRequestsPerConnection: count(),
    maxRetries: count(),
    idleTimeout: duration(),
    h2UpgradePolicy: oneOf(['DEFAULT', 'DO_NOT_UPGRADE', 'UPGRADE']),
    useClientProtocol: boolean(),
    maxConcurrentStreams: count(),
    http2KeepAlive: connectionKeepalive,
  },
  { checks: [oneHttpVersion] },
);

/** Limits on connections and requests, of DestinationRules and Sidecars. */
export const connectionPoolSettings = object('ConnectionPoolSettings', { tcp: tcpSettings, http: httpSettings }, { checks: [somePool] });
