// The modules of the page on which one draws: no mistakes, and one way to write them.
import js from "@eslint/js";
import stylistic from "@stylistic/eslint-plugin";
import globals from "globals";

export default [
  js.configs.recommended,
  stylistic.configs.customize({ quotes: "double", semi: true, braceStyle: "1tbs", arrowParens: false, quoteProps: "as-needed" }),
  {
    languageOptions: { sourceType: "module", globals: globals.browser },
    rules: {
      eqeqeq: "error",
      "no-var": "error",
      "prefer-const": ["error", { destructuring: "all" }],
      "no-implied-eval": "error",
      "no-restricted-properties": ["error", { property: "innerHTML", message: "Texts could be read as HTML; use textContent." }],
      "@stylistic/arrow-parens": ["error", "as-needed"],
      "@stylistic/comma-dangle": ["error", "only-multiline"],
      "@stylistic/indent-binary-ops": "off",
      "@stylistic/max-statements-per-line": ["error", { max: 4 }],
      "@stylistic/multiline-ternary": "off",
      "@stylistic/operator-linebreak": ["error", "after", { overrides: { "?": "ignore", ":": "ignore" } }],
      "@stylistic/max-len": ["error", 130],
    },
  },
];
