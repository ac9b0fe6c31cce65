import cluster, { type Worker } from 'node:cluster';
import { AggregatorRegistry, type Registry } from 'prom-client';

/** A worker's question, and the supervisor's answer, over the channel between both. */
interface Message {
  kind?: string;
  id: number;
  text?: string;
  error?: string;
}

const KIND = 'pockethook:metrics';

/** In the supervisor: tells workers that ask what all of them have counted together. */
export function answerMetrics(): void {
  const all = new AggregatorRegistry();
  cluster.on('message', (worker: Worker, { kind, id }: Message) => {
    if (kind !== KIND) return;
    const answer = (rest: Partial<Message>) => worker.isConnected() && worker.send({ kind, id, ...rest });
    all.clusterMetrics().then(
      (text) => answer({ text }),
      (fault: Error) => answer({ error: fault.message }),
    );
  });
}

/** In a worker: what all workers have counted together. @throws Error when one of them does not answer */
export function createReadAllWorkers(registry: Registry): () => Promise<string> {
  // Made, it answers the supervisor's questions.
  new AggregatorRegistry();
  AggregatorRegistry.setRegistries([registry]);
  let asked = 0;
  const waiting = new Map<number, { resolve: (text: string) => void; reject: (fault: Error) => void }>();
  process.on('message', ({ kind, id, text, error }: Message) => {
    const found = kind === KIND ? waiting.get(id) : undefined;
    if (!found) return;
    waiting.delete(id);
    if (text === undefined) found.reject(new Error(error));
    else found.resolve(text);
  });
  return () =>
    new Promise((resolve, reject) => {
      const id = ++asked;
      waiting.set(id, { resolve, reject });
      process.send?.({ kind: KIND, id });
    });
}
