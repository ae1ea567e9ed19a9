"""The stylesheet against the tokens that were agreed on (interface.md): each colour by day and by night, contrasts, sizes of type, radii, controls,
the ring, the frame, motion. The values stand here once more on purpose: a token that moves by accident changes every page and no other judge."""
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SHEET = re.sub(r"/\*.*?\*/", "", (ROOT / "views/static/style.css").read_text(encoding="utf-8"), flags=re.S)

# token: by day, by night
COLOURS = {
    "bg": ("#f6f7f9", "#0f1419"), "surface": ("#fff", "#171e26"), "hover": ("#eef1f5", "#202a35"), "text": ("#16202c", "#e8edf2"), "muted": ("#4d5b6b", "#a9b6c4"),
    "border": ("#d4dae1", "#2f3b48"), "control": ("#6b7a8c", "#8794a3"), "accent": ("#0a58a6", "#7ab8f9"), "accent-hover": ("#084a8c", "#a3cffb"), "on-accent": ("#fff", "#06203a"),
    "danger": ("#a61b12", "#ff9d92"), "danger-bg": ("#fde3e0", "#471611"), "ok": ("#136c34", "#7bd99a"), "ok-bg": ("#d9f4e2", "#0f3a1f"), "info": ("#e0eefc", "#0d3357"),
    "focus": ("#0a58a6", "#ffd166")}
# tag: ink and ground by day, by night
TAGS = {
    "pending": ("#640", "#fff1cc", "#ffd88a", "#3d2f00"), "accepted active": ("#0d4f26", "#d9f4e2", "#9ce8b5", "#0f3a1f"), "expired disconnected": ("#38434f", "#e4e8ed", "#c3ced9", "#2b3540"),
    "cancelled declined bounced": ("#85190f", "#fde3e0", "#ffb4ab", "#471611"), "customer": ("#0a4a8a", "#e0eefc", "#a9d2ff", "#0d3357"), "supplier": ("#4f2a93", "#ece5fb", "#d5c4ff", "#33235c")}
# Every pair of a text and its ground that the stylesheet can make.
PAIRS = ("text/bg text/surface text/hover text/ok-bg text/danger-bg text/info muted/bg muted/surface muted/hover accent/bg accent/surface accent/hover accent/ok-bg accent-hover/bg "
         "accent-hover/surface accent-hover/hover on-accent/accent on-accent/accent-hover danger/bg danger/surface danger/danger-bg on-danger/danger bad/danger-bg customer/info "
         "pending/pending-bg good/ok-bg over/over-bg supplier/supplier-bg").split()


def rules(sheet, media=""):
    """(media, selector, declarations) of every rule; only what stands in no other block has the media ""."""
    found, at = [], 0
    while (opened := sheet.find("{", at)) >= 0:
        depth, end = 1, opened + 1
        while depth:
            depth += {"{": 1, "}": -1}.get(sheet[end], 0)
            end += 1
        head, body = " ".join(sheet[at:opened].split()), sheet[opened + 1:end - 1]
        if head.startswith("@"):
            found += rules(body, f"{media} {head}".strip())
        else:
            found.append((media, head, dict((k.strip(), " ".join(v.split())) for k, _, v in (d.partition(":") for d in body.split(";")) if v)))
        at = end
    return found


RULES = rules(SHEET)


def style(selector, media=""):
    """What all rules of exactly this selector declare, alone or in a list."""
    said = {}
    for where, head, declared in RULES:
        if where == media and selector in re.split(r",\s*", head):
            said |= declared
    return said


def luminance(colour):
    hexes = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    parts = [int(hexes[n:n + 2], 16) / 255 for n in (0, 2, 4)]
    return sum(w * (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4) for w, c in zip((0.2126, 0.7152, 0.0722), parts))


def contrast(one, other):
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


DAY = {k[2:]: v for k, v in style(":root").items() if k.startswith("--")}
NIGHT = DAY | {k[2:]: v for k, v in style(":root", "@media screen and (prefers-color-scheme: dark)").items() if k.startswith("--")}


class Tokens(unittest.TestCase):
    maxDiff = None

    def test_every_colour_is_the_one_that_was_agreed_on_by_day_and_by_night(self):
        self.assertEqual({k: (DAY.get(k), NIGHT.get(k)) for k in COLOURS}, COLOURS)
        self.assertEqual(style(":root")["color-scheme"], "light dark")

    def test_every_tag_has_its_colours(self):
        over = style(".tag")
        for names, wanted in TAGS.items():
            for name in names.split():
                said = over | style("." + name)
                tokens = [re.fullmatch(r"var\(--([\w-]+)\)", said[k])[1] for k in ("color", "background")]
                self.assertEqual(tuple(c for of in (DAY, NIGHT) for c in (of[t] for t in tokens)), wanted, name)

    def test_no_colour_stands_outside_the_tokens(self):
        """But white paper, and the shadow of the phone's menu."""
        loose = {f"{head} {k}: {v}" for _, head, declared in RULES for k, v in declared.items() if not k.startswith("--") and re.search(r"#[0-9a-f]{3,8}\b|rgb|hsl", v)}
        self.assertEqual(loose, {"body background: #fff", ".more > ul box-shadow: 0 -.5rem 1rem rgb(0 0 0 / 12%)"})
        used = set(re.findall(r"var\(--([\w-]+)\)", SHEET))
        self.assertEqual(used, set(DAY), "every token is used, and there is no other")

    def test_every_text_is_six_to_one_and_the_ring_three_to_one(self):
        for of, when in ((DAY, "day"), (NIGHT, "night")):
            for pair in PAIRS:
                self.assertGreaterEqual(contrast(*(of[t] for t in pair.split("/"))), 6, f"{pair} by {when}")
            for ground in ("bg", "surface", "hover", "info", "ok-bg", "danger-bg"):
                self.assertGreaterEqual(contrast(of["focus"], of[ground]), 3, f"ring on {ground} by {when}")
                self.assertGreaterEqual(contrast(of["control"], of[ground]), 3, f"the edge of a control on {ground} by {when}")
        self.assertAlmostEqual(contrast("#fff", "#000000"), 21)
        self.assertLess(contrast("#fff", "#767676"), 6)

    def test_type_has_its_sizes_and_none_is_below_14_px(self):
        body, h1, h2, label, small = style("body"), style("h1"), style("h2"), style("label"), style(".small")
        self.assertEqual(body["font"], "1rem/1.5 system-ui, sans-serif")
        self.assertEqual((h1["font-size"], h1["line-height"], "font-weight" in h1), ("1.75rem", "1.25", False))   # 28/35, as bold as every browser's
        self.assertEqual((h2["font-size"], h2["line-height"], h2["font-weight"]), ("1.25rem", "1.4", "600"))
        self.assertEqual((label["font-weight"], label.get("font-size")), ("600", None))
        self.assertEqual((small["font-size"], small["line-height"]), (".875rem", "1.5"))
        sizes = {d["font-size"] for _, _, d in RULES if "font-size" in d} | {d["font"] for _, _, d in RULES if "font" in d}
        self.assertEqual(sizes, {"1.75rem", "1.25rem", "1rem", ".9375rem", ".875rem", "inherit", "1rem/1.5 system-ui, sans-serif"})

    def test_radii_icons_and_controls(self):
        radii = {d["border-radius"] for _, _, d in RULES if "border-radius" in d}
        self.assertEqual(radii, {"6px", "10px", "99px", "0"})
        self.assertEqual((style("input")["border-radius"], style(".button")["border-radius"], style(".card")["border-radius"], style(".tag")["border-radius"]), ("6px", "6px", "10px", "99px"))
        icon = style(".icon")
        self.assertEqual((icon["inline-size"], icon["block-size"], icon["stroke-width"]), ("1.25rem", "1.25rem", "2"))
        for control in ("input", "select", "textarea", ".button", ".choice", ".menu a", ".menu button"):
            self.assertEqual(style(control)["min-block-size"], "6rem" if control == "textarea" else "2.75rem", control)
        lower = {(media, head) for media, head, d in RULES if d.get("min-block-size") == "2.25rem"}
        self.assertEqual(lower, {("@container (width >= 57.5rem)", ".list .row")})

    def test_the_ring_is_three_pixels_two_pixels_away(self):
        for selector in (":focus-visible", ".choice:has(:focus-visible)"):
            self.assertEqual((style(selector)["outline"], style(selector)["outline-offset"]), ("3px solid var(--focus)", "2px"), selector)
        without = {head for _, head, d in RULES if d.get("outline") in ("0", "none")}
        self.assertEqual(without, {"main:focus", ".choice :focus-visible"}, "who is led to the content is in it, and a choice's ring is around its card")
        self.assertEqual({head for _, head, d in RULES if "outline-offset" in d and d["outline-offset"] != "2px"}, {".menu :focus-visible"})

    def test_the_frame_changes_at_48_and_64_rem(self):
        wide = "@media (width >= 48rem)"
        self.assertEqual(style(".frame", wide)["grid-template-columns"], "15rem minmax(0, 1fr)")
        self.assertEqual(style(".content")["max-inline-size"], "75rem")
        self.assertEqual(style(".menu .first", wide)["margin-block-start"], "auto")
        bar = "@media (width < 48rem) and (height >= 24rem)"
        self.assertEqual((style(".menu", bar)["position"], style(".menu .first", bar)["order"]), ("fixed", "-1"))
        # narrower ones let two short fields or buttons stand side by side; nothing else
        self.assertEqual(set(re.findall(r"\(width (?:<|>=) ([\d.]+)rem\)", " ".join(m for m, _, _ in RULES if m.startswith("@media")))), {"22", "30", "48", "64"})
        small = {head for m, head, _ in RULES if re.search(r"\(width (?:<|>=) (?:22|30)rem\)", m)}
        self.assertFalse([h for h in small if re.search(r"frame|menu|side|content|list|card", h)], small)

    def test_nothing_moves_unless_motion_is_welcome(self):
        moving = {media for media, _, d in RULES if any(k.startswith(("transition", "animation", "scroll-behavior")) for k in d)}
        self.assertEqual(moving, {"@media (prefers-reduced-motion: no-preference)"})
        self.assertNotIn("@keyframes", SHEET)

    def test_what_a_person_wrote_keeps_its_lines_and_a_logo_is_never_larger_than_its_place(self):
        self.assertEqual(style(".lines")["white-space"], "pre-line")
        logo = style(".logo")
        self.assertEqual((logo["max-inline-size"], logo["max-block-size"], logo["inline-size"], logo["block-size"]), ("10rem", "3.5rem", "auto", "auto"))

    def test_every_arrow_turns_round_where_pages_are_read_from_the_right(self):
        arrows = [(view.name, svg) for view in sorted((ROOT / "views").glob("*.html"))
                  for svg in re.findall(r"<svg [^>]*>(?=<use href=\"{{ icon\(\"arrow-|<path d=\"m12 19-7-7)", view.read_text(encoding="utf-8"))]
        self.assertGreater(len(arrows), 3)
        self.assertEqual([a for a in arrows if 'class="icon turn"' not in a[1]], [])

    def test_every_box_is_the_same_on_both_sides_or_says_start_and_end(self):
        """What stylelint cannot see: four lengths in a row are top, right, bottom, left."""
        physical = [f"{head} {k}: {v}" for _, head, d in RULES for k, v in d.items() if re.fullmatch(r"margin|padding|inset|border-(?:width|style|color)|scroll-(?:margin|padding)", k)
                    and len(v.split()) == 4 and v.split()[1] != v.split()[3]]
        self.assertEqual(physical, [])
        self.assertEqual({head for _, head, d in RULES if re.search(r"translate|scaleX|rotate", d.get("transform", ""))}, {'[dir="rtl"] .turn'}, "an arrow, turned round")


if __name__ == "__main__":
    unittest.main(verbosity=2)
