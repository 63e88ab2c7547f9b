// GraphiQL with a first query, a place for the token, and the explorer.
import "graphiql/setup-workers/vite";
import "graphiql/style.css";
import "@graphiql/plugin-explorer/style.css";
import "./graphiql.css";

import { explorerPlugin } from "@graphiql/plugin-explorer";
import { GraphiQL, HISTORY_PLUGIN } from "graphiql";
import { createRoot } from "react-dom/client";

import { fetcher, headersFor, tokenFromAddress } from "./fetcher.js";

const FIRST_QUERY = `# A token goes into Headers below: .venv/bin/finrec token --user ID
# (.venv/bin/finrec users prints the ids). Then press Ctrl-Enter.

query Overview {
  viewer {
    id
    profile {
      age
      annualIncome
      netWorth
      savingsRate
    }
    financialHealth {
      overallScore
      band
    }
    savingsStrategy {
      currentSavingsRate
      optimalSavingsRate
      monthlyAmount
      allocation {
        bucket
        monthlyAmount
        rationale
      }
      recommendations {
        title
        description
        priority
      }
    }
  }
}
`;

const token = tokenFromAddress();

createRoot(document.getElementById("graphiql")).render(
  <GraphiQL
    fetcher={fetcher}
    plugins={[HISTORY_PLUGIN, explorerPlugin()]}
    defaultQuery={FIRST_QUERY}
    defaultHeaders={headersFor("")}
    initialHeaders={token ? headersFor(token) : undefined}
    defaultEditorToolsVisibility="headers"
    schemaDescription
  >
    <GraphiQL.Logo>finrec</GraphiQL.Logo>
  </GraphiQL>,
);
