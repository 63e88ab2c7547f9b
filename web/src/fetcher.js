// How the page asks: the same address, the token of the headers pane, and no token for the schema itself.
const ENDPOINT = "/graphql";
const ACCEPT = "application/graphql-response+json, application/json";

export async function fetcher({ query, variables, operationName }, { headers = {} } = {}) {
  const response = await fetch(ENDPOINT, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: ACCEPT, ...usable(headers, operationName) },
    body: JSON.stringify({ query, variables, operationName }),
  });
  return response.json();
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
