"""Tests, by what they hold: rules, conformance, api, migrations, plans, stories, crash, arch, package."""
