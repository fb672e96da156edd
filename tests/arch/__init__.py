"""The house rules that no ready-made tool knows, as lints over the syntax tree."""
