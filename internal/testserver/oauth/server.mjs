// An OAuth 2.0 server for tests on the loopback address: oidc-provider with its own pages for signing in and consenting.
// argv: the path of oidc-provider's entry, and the settings as JSON (Options and ports of the Go package beside it).
import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';

const [entry, json] = process.argv.slice(2);
const settings = JSON.parse(json);
const { default: Provider } = await import(pathToFileURL(entry));

const kept = new Map(); // "Kind:id" -> { payload, until }
const asked = {}; // grant type -> how often a token was given

class Memory {
  constructor(kind) { this.kind = kind; }
  key(id) { return `${this.kind}:${id}`; }
  async upsert(id, payload, life) { kept.set(this.key(id), { payload, until: life ? Date.now() + life * 1000 : Infinity }); }
  async find(id) {
    const found = kept.get(this.key(id));
    return found && found.until > Date.now() ? found.payload : undefined;
  }
  search(test) {
    for (const [key, { payload }] of kept) if (key.startsWith(`${this.kind}:`) && test(payload)) return payload;
    return undefined;
  }
  async findByUid(uid) { return this.search((p) => p.uid === uid); }
  async findByUserCode(code) { return this.search((p) => p.userCode === code); }
  async consume(id) { kept.get(this.key(id)).payload.consumed = Math.floor(Date.now() / 1000); }
  async destroy(id) { kept.delete(this.key(id)); }
  async revokeByGrantId(grant) { for (const [key, { payload }] of kept) if (payload.grantId === grant) kept.delete(key); }
}

// forget drops what was granted: everything, or the access tokens alone.
function forget(...kinds) {
  for (const key of [...kept.keys()]) if (kinds.includes(key.split(':')[0])) kept.delete(key);
}

const scopes = ['offline_access', 'mail'];
const provider = new Provider(settings.issuer, {
  adapter: Memory,
  clients: [
    {
      client_id: settings.clientID, client_secret: settings.clientSecret, redirect_uris: [settings.redirectURL],
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials'], response_types: ['code'], scope: scopes.join(' '),
    },
    { client_id: 'dovecot', client_secret: 'dovecot', redirect_uris: [], grant_types: [], response_types: [] },
  ],
  scopes,
  clientBasedCORS: () => false,
  pkce: { required: () => true, methods: ['S256'] },
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: true },
    introspection: { enabled: true, allowedPolicy: () => true },
    revocation: { enabled: true },
    userinfo: { enabled: false },
  },
  // The account is the address that was typed; the application by itself opens the mailbox it was registered for.
  findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  extraTokenClaims: (ctx, token) => ({ email: token.accountId ?? settings.appUser }),
  issueRefreshToken: () => true,
  rotateRefreshToken: true,
  ttl: { AccessToken: settings.tokenLife, ClientCredentials: settings.tokenLife, RefreshToken: 86400, Grant: 86400, Interaction: 600, Session: 600 },
  cookies: { keys: ['only for tests'] },
});
provider.on('grant.success', (ctx) => { asked[ctx.oidc.params.grant_type] = (asked[ctx.oidc.params.grant_type] ?? 0) + 1; });

const control = {
  '/control/revoke': () => forget('AccessToken', 'ClientCredentials', 'RefreshToken', 'Grant', 'Session'),
  '/control/expire': () => forget('AccessToken', 'ClientCredentials'),
  '/control/asked': () => asked,
};
createServer((request, response) => {
  const command = control[request.url];
  if (!command) return provider.callback()(request, response);
  response.setHeader('content-type', 'application/json');
  return response.end(JSON.stringify(command() ?? {}));
}).listen(settings.port, '127.0.0.1', () => console.log('listening'));
