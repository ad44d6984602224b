// Builds the console's page into web/dist, the same bytes on every machine.
//   node web/build.mjs          writes them
//   node web/build.mjs --check  fails where what is there differs
import { build } from "esbuild";
import { readFileSync, readdirSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "dist");
const made = new Map();

const bundle = await build({
  absWorkingDir: here, entryPoints: ["src/app.ts"], bundle: true, minify: true,
  format: "esm", target: "es2022", outdir: "dist", write: false, legalComments: "eof",
  banner: { js: "/* Built from web/src by web/build.mjs; with uPlot (MIT), https://github.com/leeoniya/uPlot */" },
});
for (const file of bundle.outputFiles) made.set(file.path.slice(dist.length + 1), Buffer.from(file.contents));
for (const name of readdirSync(join(here, "static"))) made.set(name, readFileSync(join(here, "static", name)));

if (process.argv.includes("--check")) {
  const there = new Set(readdirSync(dist));
  const wrong = [...made].filter(([name, bytes]) => !there.has(name) || !readFileSync(join(dist, name)).equals(bytes))
    .map(([name]) => name).concat([...there].filter((name) => !made.has(name)));
  if (wrong.length) {
    console.error(`web/dist is not what web/src makes: ${wrong.join(", ")}; run ./x page`);
    process.exit(1);
  }
} else {
  mkdirSync(dist, { recursive: true });
  for (const [name, bytes] of made) writeFileSync(join(dist, name), bytes);
}
