#!/usr/bin/env python3
"""The page of `dauth report --format html` in a real browser: it draws, its switches work, it asks for nothing.

    report_page_test.py WRITE_REPORT_PAGES DAUTH COUNTS_CSV
"""
import base64
import pathlib
import subprocess
import sys
import tempfile
import unittest

from browser import Browser

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

WRITER, DAUTH, COUNTS = sys.argv[1:4]

# How many pixels of a canvas are painted, and in how many colours.
PAINTED = """
  const canvas = document.getElementById(arguments[0]);
  // By a copy: the browser complains of a canvas that is read often.
  const copy = document.createElement("canvas");
  [copy.width, copy.height] = [canvas.width, canvas.height];
  const context = copy.getContext("2d", { willReadFrequently: true });
  context.drawImage(canvas, 0, 0);
  const { data } = context.getImageData(0, 0, copy.width, copy.height);
  const colours = new Set();
  let painted = 0;
  for (let i = 0; i < data.length; i += 4) {
    if (data[i + 3] === 0) continue;
    ++painted;
    if (data[i + 3] === 255) colours.add(`rgb(${data[i]}, ${data[i + 1]}, ${data[i + 2]})`);
  }
  return { painted, colours: [...colours], width: canvas.clientWidth, height: canvas.clientHeight };
"""
PICTURE = "return document.getElementById(arguments[0]).toDataURL();"
# The colour that the style sheet has under a name, as the canvas says it.
COLOUR = """
  const probe = document.createElement("span");
  probe.style.color = `var(--${arguments[0]})`;
  document.body.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
"""
# The least contrast (WCAG 2.2, 1.4.3 and 1.4.11) that text and lines have against the paper.
CONTRAST = """
  const probe = document.createElement("span");
  document.body.append(probe);
  const luminance = (name) => {
    probe.style.color = `var(--${name})`;
    const [r, g, b] = getComputedStyle(probe).color.match(/\\d+/g).map((part) => {
      const c = Number(part) / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a, b) => {
    const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (light + 0.05) / (dark + 0.05);
  };
  const least = Math.min(...["ink", "soft", "accent", "spf", "domainkeys_subdomain", "dmarc", "mx"].map(
    (name) => contrast(name, "paper")), contrast("soft", "gap"), contrast("ink", "raised"));
  probe.remove();
  return least;
"""
FIGURES = """
  return [...document.querySelectorAll("#figures tr")].map((row) => [...row.cells].map((cell) => cell.textContent));
"""
CAPTIONS = "return [...document.querySelectorAll('figcaption')].map((caption) => caption.textContent);"


class ReportPage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.pages = pathlib.Path(scratch.name)
        subprocess.run([WRITER, scratch.name], check=True, timeout=30)
        cls.browser = Browser(scratch.name)
        cls.addClassCleanup(cls.browser.close)

    def open(self, name, **how):
        self.path = self.pages / name
        self.browser.open(self.path, **how)

    def assert_silent(self):
        """Nothing in the console, and no request but for the page itself."""
        self.assertEqual(self.browser.console(), [])
        self.assertEqual([address for address in self.browser.requests() if not address.startswith("data:")],
                         [self.path.as_uri()])

    def assert_charts_drawn(self, count=4):
        for index in range(count):
            seen = self.browser.run(PAINTED, f"chart-{index}")
            self.assertGreater(seen["painted"], 2000, f"chart {index} is empty")
            self.assertGreater(seen["width"], 200)
            self.assertGreater(seen["height"], 100)

    def colours_of(self, chart):
        return self.browser.run(PAINTED, chart)["colours"]

    def choose(self, category):
        """By its name, or by its place among the choices."""
        choices = Select(self.browser.driver.find_element(By.ID, "category"))
        if isinstance(category, int):
            choices.select_by_index(category)
        else:
            choices.select_by_visible_text(category)

    def test_it_draws_in_both_languages(self):
        for language, title, captions in (
                ("en", "Rates over time", ["SPF / MX", "DomainKeys subdomain / MX", "DMARC / MX", "MX / registered"]),
                ("ja", "割合の推移", ["SPF / MX", "DomainKeys サブドメイン / MX", "DMARC / MX", "MX / 登録数"])):
            with self.subTest(language):
                self.open(f"survey.{language}.html")
                self.assertEqual(self.browser.run("return document.documentElement.lang"), language)
                self.assertEqual(self.browser.run("return document.querySelector('h2').textContent"), title)
                self.assertEqual(self.browser.run(CAPTIONS), captions)
                self.assert_charts_drawn()
                self.assert_silent()

    def test_category_and_denominator_can_be_switched(self):
        for language, names in (("en", ("total", "AD", "GENERAL")), ("ja", ("合計", "AD", "汎用"))):
            with self.subTest(language):
                self.open(f"survey.{language}.html")
                before = self.browser.run(PICTURE, "chart-0")
                self.assertEqual(self.browser.run("return document.getElementById('shown-category').textContent"),
                                 names[0])
                # November 2026, the newest month: 1100 of 1760 with MX, 20 unmeasured.
                self.assertEqual(self.browser.run(FIGURES)[1][:2], ["2026-11", "62.50-63.64%"])
                self.browser.driver.find_element(By.CSS_SELECTOR, "input[value=registered]").click()
                self.assertEqual(self.browser.run(FIGURES)[1][:2], ["2026-11", "50.00-50.91%"])
                self.assertIn("登録数" if language == "ja" else "registered", self.browser.run(CAPTIONS)[0])
                of_registered = self.browser.run(PICTURE, "chart-0")
                self.assertNotEqual(of_registered, before)
                self.choose("AD")
                self.assertNotEqual(self.browser.run(PICTURE, "chart-0"), of_registered)
                self.assertEqual(self.browser.run("return document.getElementById('shown-category').textContent"), "AD")
                self.assertEqual(self.browser.run(FIGURES)[1][:2], ["2026-11", "50.00%"])
                self.choose(names[0])
                self.browser.driver.find_element(By.CSS_SELECTOR, "input[value=mx]").click()
                self.assertEqual(self.browser.run(PICTURE, "chart-0"), before, "back where it began")
                self.assert_silent()

    def test_figures_show_gaps_marks_and_what_was_not_counted(self):
        self.open("survey.en.html")
        rows = self.browser.run(FIGURES)
        self.assertEqual(rows[0], ["month", "SPF / MX", "DomainKeys subdomain / MX", "DMARC / MX", "MX / registered"])
        self.assertEqual([row[0] for row in rows[1:]],
                         ["2026-11", "2026-10 p", "2026-09", "2026-08", "2006-01...2026-07", "2005-12 i", "2005-11 i",
                          "2005-10 i"])
        self.assertEqual(rows[3][1:], ["-"] * 4)
        self.assertEqual(rows[6][3], "", "DMARC was not counted in 2005")
        self.choose("LG")
        hidden = self.browser.run(
            "return [...document.querySelectorAll('figure')].map((f) => f.querySelector('.plot').hidden)")
        self.assertEqual(hidden, [False, True, True, False], "no empty axes where nothing was counted")
        self.choose("total")
        self.assert_charts_drawn()
        self.assert_silent()

    def test_no_line_crosses_a_gap(self):
        self.open("survey.en.html")
        line = self.browser.run(COLOUR, "mx")
        # Of the chart's slots, the columns of pixels that hold the line's colour.
        columns = self.browser.run("""
          const chart = Chart.getChart("chart-3");
          const copy = document.createElement("canvas");
          [copy.width, copy.height] = [chart.canvas.width, chart.canvas.height];
          const context = copy.getContext("2d", { willReadFrequently: true });
          context.drawImage(chart.canvas, 0, 0);
          const scale = copy.width / chart.width;
          return chart.data.labels.map((_, slot) => {
            const x = Math.round(chart.scales.x.getPixelForValue(slot) * scale);
            const { data } = context.getImageData(x, 0, 1, copy.height);
            for (let i = 0; i < data.length; i += 4) {
              if (`rgb(${data[i]}, ${data[i + 1]}, ${data[i + 2]})` === arguments[0] && data[i + 3] === 255) return true;
            }
            return false;
          });
        """, line)
        # October to December 2005, a gap of three slots, August 2026, a gap of one, October (hollow), November.
        self.assertEqual(columns, [True, True, True, False, False, False, True, False, True, True])
        self.assert_silent()

    def test_the_keyboard_reaches_everything(self):
        self.open("survey.en.html")
        body = self.browser.driver.find_element(By.TAG_NAME, "body")
        reached = []
        body.send_keys(Keys.TAB)
        for _ in range(9):
            reached.append(self.browser.run(
                "const e = document.activeElement; return e.id || e.value || e.tagName.toLowerCase()"))
            self.browser.driver.switch_to.active_element.send_keys(Keys.TAB)
        self.assertEqual(reached[:7], ["category", "mx", "chart-0", "chart-1", "chart-2", "chart-3", "summary"])
        chart = self.browser.driver.find_element(By.ID, "chart-0")
        before = self.browser.run(PICTURE, "chart-0")
        chart.send_keys(Keys.ARROW_LEFT)
        spoken = "return document.getElementById('spoken').textContent"
        self.assertEqual(self.browser.run(spoken), "SPF / MX, 2026-11: 62.50-63.64%, 1100 +20? / 1760")
        self.assertNotEqual(self.browser.run(PICTURE, "chart-0"), before, "the month is pointed at")
        chart.send_keys(Keys.ARROW_LEFT)
        self.assertIn("2026-10 (provisional)", self.browser.run(spoken))
        chart.send_keys(Keys.HOME)
        self.assertIn("2005-10 (imported)", self.browser.run(spoken))
        chart.send_keys(Keys.ESCAPE)
        self.assertEqual(self.browser.run(PICTURE, "chart-0"), before)
        self.browser.driver.find_element(By.ID, "category").send_keys("AD")
        self.assertEqual(self.browser.run("return document.getElementById('shown-category').textContent"), "AD")
        self.assert_silent()

    def test_screen_readers_are_told_what_everything_is(self):
        self.open("survey.ja.html")
        nodes = self.browser.cdp("Accessibility.getFullAXTree")["nodes"]
        named = {}
        for node in nodes:
            if not node.get("ignored"):
                named.setdefault(node["role"]["value"], []).append(node.get("name", {}).get("value", ""))
        self.assertEqual(named["combobox"], ["種別"])
        self.assertEqual(named["radiogroup"], ["分母"])
        self.assertEqual(named["radio"], ["MX のある数", "登録数"])
        charts = named.get("image", []) + named.get("img", [])
        self.assertEqual(charts, ["SPF / MX", "DomainKeys サブドメイン / MX", "DMARC / MX", "MX / 登録数"])
        self.assertEqual(named["table"], ["SPF", "DomainKeys", "登録数", "MX"])
        self.assertNotIn("", named["table"] + named["region"])
        self.assertGreater(len(named["columnheader"]), 4)
        self.assertGreater(len(named["rowheader"]), 4)

    def test_dark_mode(self):
        self.open("survey.ja.html", scheme="dark")
        self.assertEqual(self.browser.run("return getComputedStyle(document.body).backgroundColor"), "rgb(22, 24, 28)")
        self.assertGreaterEqual(self.browser.run(CONTRAST), 4.5)
        dark_line = self.browser.run(COLOUR, "spf")
        self.assertIn(dark_line, self.colours_of("chart-0"))
        self.assert_charts_drawn()
        self.browser.emulate("light")
        self.assertGreaterEqual(self.browser.run(CONTRAST), 4.5)
        light_line = self.browser.run(COLOUR, "spf")
        self.assertNotEqual(light_line, dark_line)
        # Repainted as soon as the reader changes over.
        self.browser.wait(
            "const seen = (function () { " + PAINTED + " })('chart-0'); return seen.colours.includes(arguments[0])",
            light_line)
        self.assert_silent()

    def test_a_phone_scrolls_no_page_sideways(self):
        for name in ("survey.en.html", "survey.ja.html", "long.html", "hostile.html"):
            for scheme in ("light", "dark"):
                with self.subTest(name, scheme=scheme):
                    self.open(name, width=360, height=740, scheme=scheme)
                    self.assertEqual(self.browser.run("return innerWidth"), 360)
                    self.assertLessEqual(self.browser.run("return document.documentElement.scrollWidth"), 360)
                    self.assert_charts_drawn()
                    widest = self.browser.run(
                        "return Math.max(...[...document.querySelectorAll('canvas, select')].map("
                        "(e) => e.getBoundingClientRect().right))")
                    self.assertLessEqual(widest, 360)
                    self.choose(1)
                    self.assertLessEqual(self.browser.run("return document.documentElement.scrollWidth"), 360)
                    self.assert_silent()

    def test_print_is_dark_on_white_without_controls(self):
        self.open("survey.en.html", scheme="dark")
        self.browser.run("""
          window.addEventListener("beforeprint", () => {
            window.printed = {
              paper: getComputedStyle(document.documentElement).getPropertyValue("--paper").trim(),
              open: document.getElementById("figures").open,
            };
          });
          window.addEventListener("afterprint", () => { window.isPrinted = true; });
        """)
        pdf = base64.b64decode(self.browser.cdp("Page.printToPDF", paperWidth=8.27, paperHeight=11.69)["data"])
        self.assertTrue(pdf.startswith(b"%PDF-"))
        self.browser.wait("return window.isPrinted")
        self.assertEqual(self.browser.run("return window.printed"), {"paper": "#ffffff", "open": True})
        self.assertFalse(self.browser.run("return document.documentElement.classList.contains('printing')"))
        self.assertIn(self.browser.run(COLOUR, "spf"), self.colours_of("chart-0"), "dark again on the screen")
        self.browser.emulate("light", media="print")
        self.assertEqual(
            self.browser.run("return getComputedStyle(document.querySelector('.controls')).display"), "none")
        self.assertGreater(self.browser.run("return document.querySelector('#tables table').offsetHeight"), 50)
        self.assert_silent()

    def test_hostile_text_neither_breaks_nor_acts(self):
        self.open("survey.en.html")
        scripts = self.browser.run("return document.scripts.length")
        self.open("hostile.html")
        self.assert_charts_drawn()
        self.assertIsNone(self.browser.run("return window.acted ?? null"))
        self.assertEqual(self.browser.run("return document.scripts.length"), scripts)
        self.assertEqual(self.browser.run("return document.querySelectorAll('img, [onfocus], [onerror]').length"), 0)
        shown = self.browser.run("return document.querySelector('#tables td').textContent")
        self.assertTrue(shown.startswith("</title></script></style>--><script>window.acted=1</script><img src='http:"))
        self.assertTrue(shown.endswith("=HYPERLINK(1) \\x1b[31m\\x00\\xff\\u{202e}rtl\\u{2028} ]]> &lt;b&gt;"), shown)
        self.assertEqual(self.browser.run("return document.title"), shown)
        self.assertEqual(self.browser.run("return document.querySelector('#tables caption').textContent"), shown)
        self.assert_silent()

    def test_the_policy_forbids_requests_and_foreign_scripts(self):
        """That nothing is asked for above is no accident: the page could not."""
        self.open("survey.en.html")
        for directive, act in (
                ("img-src", "new Image().src = 'http://127.0.0.1:9/x.png'"),
                ("connect-src", "fetch('http://127.0.0.1:9/x').catch(() => {})"),
                ("script-src-elem", "const s = document.createElement('script'); s.textContent = 'window.acted = 1';"
                                    "document.body.append(s)"),
                ("style-src-elem", "const s = document.createElement('style'); s.textContent = 'body{color:red}';"
                                   "document.body.append(s)")):
            with self.subTest(directive):
                self.browser.run("window.forbidden = [];"
                                 "document.addEventListener('securitypolicyviolation',"
                                 " (event) => window.forbidden.push(event.effectiveDirective));" + act)
                self.browser.wait("return window.forbidden.includes(arguments[0])", directive)
        self.assertIsNone(self.browser.run("return window.acted ?? null"))
        self.assertTrue(self.browser.console(), "a violation is heard of here, or the silence above says nothing")

    def test_without_script_there_is_the_drawing(self):
        self.open("survey.ja.html", scripts=False)
        self.assertGreater(self.browser.run("return document.querySelector('noscript svg').getBoundingClientRect().height"),
                           300)
        self.assertGreater(self.browser.run("return document.querySelectorAll('noscript svg polyline').length"), 5)
        self.assertEqual(self.browser.run("return document.querySelector('.controls').offsetHeight"), 0)

    def test_no_month_no_charts(self):
        self.open("empty.html")
        self.assertEqual(self.browser.run("return document.querySelectorAll('canvas, script').length"), 0)
        self.assertEqual(self.browser.run("return document.querySelector('.notes li').textContent"),
                         "No month has counts.")
        self.assert_silent()

    def test_drawings_show_all_of_their_text(self):
        for name in ("survey.en.svg", "survey.ja.svg", "long.svg"):
            with self.subTest(name):
                self.open(name, width=1000, height=800)
                self.assertEqual(self.browser.run("return document.documentElement.tagName"), "svg")
                outside = self.browser.run("""
                  const { width, height } = document.documentElement.viewBox.baseVal;
                  return [...document.querySelectorAll("text")].filter((text) => {
                    const box = text.getBoundingClientRect();
                    return box.width === 0 || box.left < 0 || box.top < 0 || box.right > width || box.bottom > height;
                  }).map((text) => text.textContent);
                """)
                self.assertEqual(outside, [])
                overlaps = self.browser.run("""
                  const boxes = [...document.querySelectorAll("text")].map((text) =>
                    [text.textContent, text.getBoundingClientRect()]);
                  const found = [];
                  boxes.forEach(([a, p], i) => boxes.slice(i + 1).forEach(([b, q]) => {
                    if (p.left < q.right && q.left < p.right && p.top < q.bottom && q.top < p.bottom) found.push([a, b]);
                  }));
                  return found;
                """)
                self.assertEqual(overlaps, [])
                self.assert_silent()

    def test_what_the_program_prints(self):
        database = str(self.pages / "survey.sqlite")
        subprocess.run([DAUTH, "import", COUNTS, "-d", database], check=True, capture_output=True, timeout=30)
        for table in ("adoption", "month"):
            for language in ("en", "ja"):
                with self.subTest(table, language=language):
                    name = f"program.{table}.{language}.html"
                    subprocess.run([DAUTH, "report", table, "-d", database, "--format", "html", "--lang", language,
                                    "-o", str(self.pages / name)], check=True, timeout=30)
                    self.open(name)
                    # Nobody asked for DMARC in 2005.
                    self.assert_charts_drawn(3)
                    self.assertEqual(self.browser.run(FIGURES)[1][:4], ["2006-01 i", "2.41%", "0.01%", "77.42%"])
                    self.assert_silent()
        drawing = subprocess.run([DAUTH, "report", "-d", database, "--format", "svg", "--lang", "ja"], check=True,
                                 capture_output=True, timeout=30)
        self.assertEqual(drawing.stderr, b"")
        (self.pages / "program.svg").write_bytes(drawing.stdout)
        self.open("program.svg")
        self.assertEqual(self.browser.run("return document.querySelector('title').textContent"), "割合の推移: 合計")
        self.assertEqual(self.browser.run("return document.querySelectorAll('polyline').length"), 5)
        self.assert_silent()


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
