import http from 'node:http';
import https from 'node:https';
import { BlockedAddress, type Guard } from '../../../delivery/guard.ts';

type Options = http.ClientRequestArgs;
type Created = Parameters<http.Agent['createConnection']>[1];

/** Agents whose sockets the guard allows: the host and port at each connect, and every address that a name resolves to. */
export function createGuardedAgents(guard: Guard): { http: http.Agent; https: https.Agent } {
  const shared = { keepAlive: true, lookup: guard.lookup };

  class GuardedAgent extends http.Agent {
    override createConnection(options: Options, created?: Created) {
      const refusal = guard.refuseHttp() ?? refuse(options);
      return refusal === undefined ? super.createConnection(options, created) : block(refusal, created);
    }
  }

  class GuardedSecureAgent extends https.Agent {
    override createConnection(options: Options, created?: Created) {
      const refusal = refuse(options);
      return refusal === undefined ? super.createConnection(options, created) : block(refusal, created);
    }
  }

  function refuse({ host, port }: Options): string | undefined {
    return guard.refuseHost(String(host)) ?? guard.refusePort(Number(port));
  }

  return {
    http: new GuardedAgent(shared),
    // Set explicitly, so that NODE_TLS_REJECT_UNAUTHORIZED can't disable certificate checks.
    https: new GuardedSecureAgent({ ...shared, rejectUnauthorized: true }),
  };
}

/** No socket is made: the caller learns of it only. */
function block(refusal: string, created: Created): undefined {
  created?.(new BlockedAddress(refusal), undefined as never);
}
