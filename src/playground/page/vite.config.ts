import { defineConfig } from "vite";

/** The page is static: Latchkey serves what stands in dist/page under whatever path it likes, hence the relative base. */
export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  esbuild: { jsx: "automatic" },
  build: { outDir: "../../../dist/page", emptyOutDir: true, target: "es2022", reportCompressedSize: false, chunkSizeWarningLimit: 800 },
});
