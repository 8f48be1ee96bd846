// One bundle per widget: src/<name>.ts and src/<name>.css become workbench_widgets/static/<name>.{js,css}.
// The result is committed, so that an install needs no Node; CI builds again and finds no difference.
import { readdirSync } from "node:fs";
import * as esbuild from "esbuild";

const entryPoints = readdirSync("src")
  .filter((file) => /\.(ts|css)$/.test(file) && !file.endsWith(".test.ts"))
  .map((file) => `src/${file}`);
const generated = "generated from widgets/src by build.mjs; do not edit";
const watch = process.argv.includes("--watch");

const options = {
  entryPoints,
  outdir: "workbench_widgets/static",
  bundle: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  minify: false,
  legalComments: "none",
  banner: { js: `// ${generated}`, css: `/* ${generated} */` },
};

if (watch) await (await esbuild.context(options)).watch();
else await esbuild.build(options);
