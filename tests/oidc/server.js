// A national eID for the tests: panva's certified OpenID provider with people who need no screen.
// Who comes says who they are in the header "person", and in "refuses" that they do not agree.
// POST /spoil {claims, drop, alg, key, wait} spoils the ID tokens that follow, {} mends it again.
import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { SignJWT, UnsecuredJWT, decodeJwt, importJWK } from "jose";
import { Provider } from "oidc-provider";

const SECRET = "the secret of this site at the eID";
const RETURN = "http://127.0.0.1:8000/eid/return";
const newKey = (kid) => {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return { ...privateKey.export({ format: "jwk" }), kid, alg: "ES256", use: "sig" };
};
const KEYS = { own: newKey("own"), foreign: newKey("foreign"), disguised: newKey("own") };
let spoiled = {};

const client = (id, more) => ({
  client_id: id,
  redirect_uris: [RETURN],
  response_types: ["code"],
  grant_types: ["authorization_code"],
  id_token_signed_response_alg: "ES256",
  ...more,
});
const configuration = {
  clients: [
    client("kenesh", { client_secret: SECRET }),
    client("kenesh-public", { token_endpoint_auth_method: "none" }),
  ],
  jwks: { keys: [KEYS.own] },
  cookies: { keys: ["only for tests"] },
  pkce: { required: () => true },
  features: { devInteractions: { enabled: false } },
  findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
};

async function decide(provider, request, response) {
  const { prompt, params, session } = await provider.interactionDetails(request, response);
  let result = { error: "access_denied", error_description: "The person does not agree." };
  if (prompt.name === "login") {
    result = { login: { accountId: String(request.headers.person) } };
  } else if (!request.headers.refuses) {
    const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
    grant.addOIDCScope(params.scope);
    result = { consent: { grantId: await grant.save() } };
  }
  await provider.interactionFinished(request, response, result);
}

async function spoil(token) {
  const claims = { ...decodeJwt(token), ...spoiled.claims };
  for (const name of spoiled.drop ?? []) delete claims[name];
  if (spoiled.alg === "none") return new UnsecuredJWT(claims).encode();
  const signing = new SignJWT(claims);
  if (spoiled.alg === "HS256") {
    return signing.setProtectedHeader({ alg: "HS256" }).sign(new TextEncoder().encode(SECRET));
  }
  const key = KEYS[spoiled.key ?? "own"];
  return signing.setProtectedHeader({ alg: "ES256", kid: key.kid }).sign(await importJWK(key));
}

async function body(request) {
  let text = "";
  for await (const piece of request) text += piece;
  return JSON.parse(text);
}

const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, configuration);
  provider.use(async (ctx, next) => {
    await next();
    if (ctx.path !== "/token" || !ctx.body?.id_token || !Object.keys(spoiled).length) return;
    if (spoiled.wait) await new Promise((done) => setTimeout(done, spoiled.wait));
    ctx.body.id_token = await spoil(ctx.body.id_token);
  });
  const answer = provider.callback();
  server.on("request", async (request, response) => {
    try {
      if (request.url === "/spoil") {
        spoiled = await body(request);
        response.end("{}");
      } else if (request.url.startsWith("/interaction/")) {
        await decide(provider, request, response);
      } else {
        await answer(request, response);
      }
    } catch (error) {
      console.error(error);
      response.statusCode = 500;
      response.end();
    }
  });
  console.log(issuer);
});
