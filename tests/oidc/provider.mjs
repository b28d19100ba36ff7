// An OpenID provider set up as FranceConnect v2 is, for the tests only: node provider.mjs PORT SETTINGS.json
// The identities are read from the file that the settings name, each time somebody signs in.

import { createHash, generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Provider } from 'oidc-provider'

const [port, path] = process.argv.slice(2)
const settings = JSON.parse(readFileSync(path, 'utf8'))
const identities = () => JSON.parse(readFileSync(settings.identities, 'utf8'))
const head = '<!doctype html><html lang="fr"><title>Service de l’État</title><link rel="icon" href="data:,">'
const issuer = `http://localhost:${port}`

const privateKey = (type, options, more) =>
  ({ ...generateKeyPairSync(type, options).privateKey.export({ format: 'jwk' }), use: 'sig', ...more })

const provider = new Provider(issuer, {
  acrValues: ['eidas1'],
  claims: settings.claims,
  clients: settings.clients,
  clientDefaults: { grant_types: ['authorization_code'], response_types: ['code'], token_endpoint_auth_method: 'client_secret_post' },
  conformIdTokenClaims: true,
  cookies: { keys: ['for-tests-only'] },
  features: {
    claimsParameter: { enabled: true },
    devInteractions: { enabled: false },
    jwtUserinfo: { enabled: true },
    revocation: { enabled: true },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => {
        ctx.body = `${head}<h1>Partir</h1>${form}<button form="op.logoutForm" name="logout" value="yes">Partir</button>`
      },
    },
  },
  findAccount: (ctx, login) => ({ accountId: login, claims: () => ({ ...identities()[login], sub: login }) }),
  interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
  jwks: {
    keys: [privateKey('ec', { namedCurve: 'P-256' }, { alg: 'ES256' }), privateKey('rsa', { modulusLength: 2048 }, { alg: 'RS256' })],
  },
  loadExistingGrant: async (ctx) => {
    const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId })
    grant.addOIDCScope(ctx.oidc.params.scope)
    await grant.save()
    return grant
  },
  pairwiseIdentifier: (ctx, login, client) => createHash('sha256').update(`${client.clientId} ${login}`).digest('hex') + 'v1',
  responseTypes: ['code'],
  routes: {
    authorization: '/api/v2/authorize', token: '/api/v2/token', userinfo: '/api/v2/userinfo', jwks: '/api/v2/jwks',
    end_session: '/api/v2/session/end',
  },
  scopes: ['openid'],
  subjectTypes: ['pairwise'],
  ttl: { AuthorizationCode: 30, AccessToken: 60, IdToken: 60, Grant: 60, Interaction: 600, Session: 1800 },
})

const refuse = (ctx, why) => { ctx.status = 400; ctx.body = why }

provider.use(async (ctx, next) => {
  const asked = new URL(ctx.href).searchParams
  if (ctx.path === '/api/v2/authorize') {
    if ((asked.get('nonce') ?? '').length < 22) return refuse(ctx, 'nonce')
    if (!asked.get('state') || !asked.get('acr_values')) return refuse(ctx, 'state, acr_values')
  }
  if (ctx.path === '/api/v2/session/end' && !asked.get('id_token_hint')) return refuse(ctx, 'id_token_hint')
  if (!ctx.path.startsWith('/interaction/')) return next()
  const login = asked.get('login')
  if (login === null) {
    ctx.type = 'html'
    ctx.body = `${head}<h1>Identités</h1><form>${Object.keys(identities())
      .map((one) => `<button name="login" value="${one}">${one}</button>`).join(' ')}</form>`
    return undefined
  }
  const answer = login === '' ? { error: 'access_denied' } : { login: { accountId: login, acr: 'eidas1', remember: false } }
  await provider.interactionFinished(ctx.req, ctx.res, answer)
  ctx.respond = false
  return undefined
})

provider.listen(Number(port), 'localhost', () => console.log('ready'))
