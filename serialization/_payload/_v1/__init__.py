"""The reader of wire version 1, which docs/format_1.md specifies; nothing writes it any more."""
