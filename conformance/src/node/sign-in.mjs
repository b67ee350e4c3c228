// Who signs in where a scenario's server asks for it: a person at a browser, or a workload with
// credentials of its own.
import {
  ClientCredentialsProvider,
  CrossAppAccessProvider,
  DpopSession,
  PrivateKeyJwtProvider,
  requestJwtAuthorizationGrant,
} from '@modelcontextprotocol/client';

const CALLBACK = 'http://localhost:3000/callback';
const CLIENT_DOCUMENT = 'https://conformance-test.local/client-metadata.json';
const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

// A person who agrees at once: the redirect to the authorization server comes back with a code.
export class Person {
  redirectUrl = CALLBACK;
  clientMetadataUrl = CLIENT_DOCUMENT;
  clientMetadata = {
    client_name: 'remit-scenario-client',
    redirect_uris: [CALLBACK],
    application_type: 'native',
  };
  #kept = {};

  constructor({ registered, dpop } = {}) {
    this.#kept.client = registered;
    if (dpop) this.dpop = () => dpop;
  }

  clientInformation = () => this.#kept.client;
  saveClientInformation = (client) => void (this.#kept.client = client);
  tokens = () => this.#kept.tokens;
  saveTokens = (tokens) => void (this.#kept.tokens = tokens);
  saveCodeVerifier = (verifier) => void (this.#kept.verifier = verifier);
  codeVerifier = () => this.#kept.verifier;

  async redirectToAuthorization(url) {
    const answer = await fetch(url, { redirect: 'manual' });
    this.callback = new URL(answer.headers.get('location')).searchParams;
  }

  invalidateCredentials(what) {
    for (const name of what === 'all' ? Object.keys(this.#kept) : [what]) delete this.#kept[name];
  }
}

// A workload that shows a signed assertion and has no second way (RFC 7523, section 2.1).
class Assertion extends Person {
  redirectUrl = undefined;
  clientMetadataUrl = undefined;
  clientMetadata = {
    client_name: 'remit-scenario-client',
    redirect_uris: [],
    grant_types: [JWT_BEARER],
    token_endpoint_auth_method: 'none',
  };

  constructor(clientId, assertion) {
    super({ registered: { client_id: clientId } });
    this.prepareTokenRequest = () => new URLSearchParams({ grant_type: JWT_BEARER, assertion });
  }
}

// Returns who signs in for a scenario, given the credentials that the runner hands out.
export async function whoSignsIn(scenario, given) {
  switch (scenario) {
    case 'auth/client-credentials-basic':
      return new ClientCredentialsProvider({
        clientId: given.client_id,
        clientSecret: given.client_secret,
      });
    case 'auth/client-credentials-jwt':
      return new PrivateKeyJwtProvider({
        clientId: given.client_id,
        privateKey: given.private_key_pem,
        algorithm: given.signing_algorithm ?? 'ES256',
      });
    case 'auth/enterprise-managed-authorization':
      return new CrossAppAccessProvider({
        clientId: given.client_id,
        clientSecret: given.client_secret,
        assertion: (asked) => identityAssertion(given, asked),
      });
    case 'auth/wif-jwt-bearer':
      return new Assertion(given.client_id, given.valid_jwt);
    case 'auth/pre-registration':
      return new Person({
        registered: { client_id: given.client_id, client_secret: given.client_secret },
      });
    case 'auth/dpop':
    case 'auth/dpop-nonce':
      return new Person({ dpop: await DpopSession.create() });
    default:
      return new Person();
  }
}

async function identityAssertion(given, asked) {
  const { jwtAuthGrant } = await requestJwtAuthorizationGrant({
    tokenEndpoint: given.idp_token_endpoint,
    audience: asked.authorizationServerUrl,
    resource: asked.resourceUrl,
    idToken: given.idp_id_token,
    clientId: given.idp_client_id,
    fetchFn: asked.fetchFn,
  });
  return jwtAuthGrant;
}
