"""What a table for notebooks may be."""

from __future__ import annotations

import html.parser

ALLOWED = {"table", "caption", "b", "thead", "tbody", "tr", "th", "td", "details", "summary", "div"}
HOSTILE = "<script>alert('x')</script>\"&<img src=http://example.org/x onerror=alert(1)>"


class Tags(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.seen, self.attributes = [], set(), set()

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.seen.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def check_html(text):
    """Raise unless it is a few plain tags, all closed, of a moderate size, that load and run nothing."""
    tags = Tags()
    tags.feed(text)
    tags.close()
    assert tags.open == []
    assert tags.seen <= ALLOWED
    assert tags.attributes <= {"style", "open"}
    assert len(text) < 20_000
