// Bundles src/ into the folder given as the only argument, with content hashes in the names, and writes
// manifest.json there: {"console.js": "console-AB12CD34.js", ...}. Flask looks names up in it.
import { rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { build } from "esbuild";

const outdir = process.argv[2];
if (!outdir) {
  throw new Error("usage: node build.mjs OUTPUT_FOLDER");
}

await rm(outdir, { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: ["src/console.ts", "src/desk.ts", "src/board.ts", "src/console.css"],
  bundle: true,
  minify: true,
  sourcemap: true,
  format: "esm",
  target: ["es2022"],
  entryNames: "[name]-[hash]",
  outdir,
  metafile: true,
  logLevel: "warning",
});

const manifest = {};
for (const [path, output] of Object.entries(metafile.outputs)) {
  if (output.entryPoint) {
    manifest[basename(output.entryPoint).replace(/\.ts$/, ".js")] = basename(path);
  }
}
await writeFile(join(outdir, "manifest.json"), JSON.stringify(manifest, null, 2) + "\n");
