// How the page asks: the same address, the token of the headers pane, and no token for the schema itself.
import { getOperationAST, parse } from "graphql";
import { createClient } from "graphql-ws";

const ENDPOINT = "/graphql";
const ACCEPT = "application/graphql-response+json, application/json";

export async function fetcher({ query, variables, operationName }, { headers = {} } = {}) {
  if (isSubscription(query, operationName)) {
    return follow({ query, variables, operationName }, usable(headers, operationName));
  }
  const response = await fetch(ENDPOINT, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: ACCEPT, ...usable(headers, operationName) },
    body: JSON.stringify({ query, variables, operationName }),
  });
  return response.json();
}

function isSubscription(query, operationName) {
  try {
    return getOperationAST(parse(query), operationName)?.operation === "subscription";
  } catch {
    return false; // the server says what is wrong with it
  }
}

/** The answers of a subscription as they come, by graphql-transport-ws; the connection ends with them. */
async function* follow(asked, headers) {
  const url = new URL(ENDPOINT, location.href);
  url.protocol = url.protocol.replace("http", "ws");
  const client = createClient({ url: url.href, connectionParams: headers, retryAttempts: 0 });
  try {
    yield* client.iterate(asked);
  } catch (error) {
    throw "reason" in error ? new Error(error.reason || `The connection was closed (${error.code}).`) : error;
  } finally {
    client.dispose();
  }
}

/** What stands in the headers pane at first. */
export function headersFor(token) {
  return JSON.stringify({ Authorization: `Bearer ${token}` }, null, 2);
}

/** A token handed over behind the # of the address never reaches the server's log; it is taken away at once. */
export function tokenFromAddress() {
  const token = new URLSearchParams(location.hash.slice(1)).get("token") ?? "";
  if (token) history.replaceState(null, "", location.pathname + location.search);
  return token;
}

// The schema is shown to everyone, even where the token in the pane is missing or has expired.
function usable(headers, operationName) {
  const isBlank = ([name, value]) => name.toLowerCase() === "authorization" && !/^\S+\s+\S/.test(value);
  const isToken = ([name]) => name.toLowerCase() === "authorization";
  const unwanted = operationName === "IntrospectionQuery" ? isToken : isBlank;
  return Object.fromEntries(Object.entries(headers).filter((header) => !unwanted(header)));
}
