// SECRET=whsec_… PORT=3000 node receiver.mjs
import { createServer } from 'node:http';
import { Webhook } from 'standardwebhooks';

const { SECRET, PORT = '3000' } = process.env;
const webhook = new Webhook(SECRET);
// A real receiver keeps these in its database, under a unique index, for as long as events may be sent again.
const seen = new Set();

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  // The bytes as they came: parsing and printing JSON again would change them, and the signature with them.
  const body = Buffer.concat(chunks).toString();
  const id = request.headers['webhook-id'];
  try {
    webhook.verify(body, request.headers, { jsonParse: false });
  } catch {
    return response.writeHead(401).end();
  }
  if (!seen.has(id)) console.log(id, body);
  seen.add(id);
  response.writeHead(204).end();
});
server.listen(Number(PORT), '127.0.0.1', () => console.log(`listening on port ${server.address().port}`));
