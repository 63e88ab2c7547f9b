// Builds the pages into a folder that the server serves under /static/; no file of them comes from elsewhere.
import { defineConfig } from "vite";

export default defineConfig({
  base: "/static/",
  build: {
    outDir: "../server/static",
    emptyOutDir: true,
    chunkSizeWarningLimit: 8000, // the editor is large, and comes from this machine
    rolldownOptions: { input: "graphiql.html" },
  },
});
