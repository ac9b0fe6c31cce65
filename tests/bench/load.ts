import { connect, type Socket } from 'node:net';

/** Sends one request and resolves with the status of its answer. */
export type Send = (request: Buffer) => Promise<number>;

export interface Connection {
  send: Send;
  close(): void;
}

const STATUS_AT = 'HTTP/1.1 '.length;
const LENGTH = /\r\ncontent-length: (\d+)/i;

/**
 * A keep-alive connection with one request at a time. A raw socket, because the generator shares two cores with
 * what it measures: an HTTP client would cost a multiple of it. Needs answers with a Content-Length.
 */
export async function openConnection(port: number): Promise<Connection> {
  const socket = await open(port);
  let received = '';
  let resolve: ((status: number) => void) | undefined;
  let reject: ((fault: Error) => void) | undefined;
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    received += chunk;
    const end = received.indexOf('\r\n\r\n');
    if (end === -1) return;
    const length = Number(LENGTH.exec(received)?.[1] ?? 0);
    if (received.length < end + 4 + length) return;
    const status = Number(received.slice(STATUS_AT, STATUS_AT + 3));
    received = '';
    resolve?.(status);
  });
  socket.on('error', (fault) => reject?.(fault));
  socket.on('close', () => reject?.(new Error('the connection was closed')));
  return {
    send: (request) =>
      new Promise((done, failed) => {
        resolve = done;
        reject = failed;
        socket.write(request);
      }),
    close: () => socket.destroy(),
  };
}

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket));
    socket.setNoDelay(true);
    socket.once('error', reject);
  });
}
