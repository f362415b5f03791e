// A real OpenID provider for the tests, with a lever (/lever) that makes it say what no honest one says.
import { createServer } from 'node:http'
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose'
import { Provider } from 'oidc-provider'

const [port, back, clientId, secret] = process.argv.slice(2)
const issuer = `http://127.0.0.1:${port}`
const people = new Map()
let lever = {}
let pair = await newPair('one')

async function newPair(kid) {
  const made = await generateKeyPair('RS256', { extractable: true })
  const own = { ...(await exportJWK(made.privateKey)), kid, use: 'sig', alg: 'RS256' }
  const seen = { ...(await exportJWK(made.publicKey)), kid, use: 'sig', alg: 'RS256' }
  return { ...made, kid, own, seen }
}

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: clientId,
      client_secret: secret,
      redirect_uris: [back],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
    },
  ],
  jwks: { keys: [pair.own] },
  conformIdTokenClaims: false,
  claims: { openid: ['sub', 'groups', 'tid'], profile: ['name'] },
  scopes: ['openid', 'profile', 'offline_access'],
  cookies: { keys: ['tests'], names: { session: '_idp', interaction: '_idp_way', resume: '_idp_back' } },
  pkce: { required: () => true },
  issueRefreshToken: async () => true,
  ttl: { Session: 600, Interaction: 600, Grant: 600, AccessToken: 600, IdToken: 600, RefreshToken: 600 },
  findAccount: async (_, id) => (people.has(id) ? { accountId: id, claims: async () => ({ sub: id, ...people.get(id) }) } : undefined),
  async loadExistingGrant({ oidc }) {
    const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId })
    grant.addOIDCScope('openid profile offline_access')
    await grant.save()
    return grant
  },
})
provider.on('server_error', (_, error) => console.error(error))

/** The ID token again, with the claims that the lever wants, signed as it wants. */
async function bend(token) {
  const claims = { ...JSON.parse(Buffer.from(token.split('.')[1], 'base64url')), ...lever.claims }
  for (const name of lever.without ?? []) delete claims[name]
  const { alg = 'RS256', kid = pair.kid } = lever
  if (alg === 'none') {
    const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')
    return `${part({ alg, typ: 'JWT' })}.${part(claims)}.`
  }
  const pem = await exportSPKI(pair.publicKey)
  const key = alg === 'HS256' ? new TextEncoder().encode(pem) : lever.foreign ? (await newPair(kid)).privateKey : pair.privateKey
  return new SignJWT(claims).setProtectedHeader({ alg, kid, typ: 'JWT' }).sign(key)
}

/** What the lever makes of an answer that the provider gives. */
async function twist(path, body) {
  if (path === '/token' && body.id_token) {
    if (lever.id_token !== undefined) body.id_token = lever.id_token
    else body.id_token = await bend(body.id_token)
  }
  if (path === '/me') Object.assign(body, lever.told)
  if (path === '/jwks') body.keys = [pair.seen]
  if (path.startsWith('/.well-known')) Object.assign(body, lever.discovery)
  return body
}

async function read(request) {
  let text = ''
  for await (const piece of request) text += piece
  return text === '' ? {} : JSON.parse(text)
}

async function pull(request, response) {
  lever = await read(request)
  for (const [id, claims] of Object.entries(lever.people ?? {})) claims === null ? people.delete(id) : people.set(id, claims)
  if (lever.rotate) pair = await newPair(lever.rotate)
  response.end()
}

/** Hold back what the provider answers until it is whole, and send it twisted. */
function twisted(path, response) {
  const pieces = []
  const end = response.end.bind(response)
  response.write = (piece) => pieces.push(Buffer.from(piece)) > 0
  response.end = (piece) => {
    if (piece) pieces.push(Buffer.from(piece))
    const raw = Buffer.concat(pieces)
    void Promise.resolve(raw.length > 0 && raw[0] === 123 ? twist(path, JSON.parse(raw)) : null).then((body) => {
      const bytes = body === null ? raw : Buffer.from(JSON.stringify(body))
      response.setHeader('content-length', bytes.length)
      end(bytes)
    })
    return response
  }
}

const answer = provider.callback()
createServer((request, response) => {
  const path = request.url.split('?')[0]
  if (path === '/lever') return void pull(request, response)
  if (lever.status?.[path]) return void response.writeHead(lever.status[path], { location: '/elsewhere' }).end('{}')
  if (lever.flood?.[path]) return void response.end(`{"a":"${'x'.repeat(lever.flood[path])}"}`)
  if (['/token', '/me', '/jwks'].includes(path) || path.startsWith('/.well-known')) twisted(path, response)
  answer(request, response)
}).listen(Number(port), '127.0.0.1', () => console.log('up'))
