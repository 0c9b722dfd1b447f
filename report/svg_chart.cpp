#include "report/svg_chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <vector>

#include "report/chart_axis.h"
#include "report/html_escape.h"
#include "report/labels.h"
#include "report/page_labels.h"

namespace dauth::report {
namespace {

// All in user units, which are pixels at the drawing's own size.
constexpr double kWidth = 960;
constexpr double kMargin = 20;
constexpr double kHeader = 56;
constexpr double kPanelWidth = 450;
constexpr double kPanelHeight = 250;
constexpr double kPanelGap = 20;
constexpr double kPlotLeft = 58;  // within a panel
constexpr double kPlotTop = 34;
constexpr double kPlotRight = 10;
constexpr double kPlotBottom = 30;
constexpr double kMonthWidth = 66;
constexpr double kNoteHeight = 19;
constexpr double kMark = 3.5;  // half of a mark's width

constexpr std::string_view kInk = "#1a1a1a";
constexpr std::string_view kFaint = "#d0d0d0";
constexpr std::string_view kGap = "#ececec";

// Okabe and Ito's colours, which readers who do not tell red from green tell apart, darkened for white paper.
std::string_view colour_of(std::string_view measure) {
  if (measure == "spf") return "#005a94";
  if (measure == "domainkeys_subdomain") return "#b34700";
  if (measure == "dmarc") return "#00704f";
  return "#8a3f74";
}

struct Panel {
  const ChartData& data;
  std::size_t category;
  std::size_t measure;
  double left;
  double top;

  double plot_left() const { return left + kPlotLeft; }
  double plot_right() const { return left + kPanelWidth - kPlotRight; }
  double plot_top() const { return top + kPlotTop; }
  double plot_bottom() const { return top + kPanelHeight - kPlotBottom; }
  double slot_width() const {
    return (plot_right() - plot_left()) / static_cast<double>(data.slots().size());
  }
  double x(std::size_t slot) const { return plot_left() + slot_width() * (static_cast<double>(slot) + 0.5); }
  const std::optional<ChartPoint>& at(std::size_t slot) const { return data.at(category, measure, slot); }
};

class Drawing {
 public:
  template <class... Values>
  void add(fmt::format_string<Values...> form, Values&&... values) {
    fmt::format_to(std::back_inserter(out_), form, std::forward<Values>(values)...);
  }
  void text(double x, double y, double size, std::string_view anchor, std::string_view text,
            std::string_view more = "") {
    add("<text x=\"{:.1f}\" y=\"{:.1f}\" font-size=\"{}\" text-anchor=\"{}\"{}>{}</text>\n", x, y, size,
        anchor, more, markup_text(text));
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

struct Run {
  std::size_t first;
  std::size_t end;
};

// Neighbouring slots for which holds(slot) is true.
template <class Holds>
std::vector<Run> runs_of(std::size_t count, Holds holds) {
  std::vector<Run> runs;
  for (std::size_t i = 0; i < count; ++i) {
    if (!holds(i)) continue;
    if (runs.empty() || runs.back().end != i) runs.push_back({i, i});
    runs.back().end = i + 1;
  }
  return runs;
}

void draw_gaps(Drawing& drawing, const Panel& panel) {
  const auto& slots = panel.data.slots();
  for (const Run& run : runs_of(slots.size(), [&](std::size_t i) { return slots[i].is_gap; })) {
    const double width = panel.slot_width() * static_cast<double>(run.end - run.first);
    const double left = panel.x(run.first) - panel.slot_width() / 2;
    drawing.add("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"{}\"/>\n", left,
                panel.plot_top(), width, panel.plot_bottom() - panel.plot_top(), kGap);
    constexpr double kLineOfText = 14;
    if (width < kLineOfText) continue;
    const double middle = left + width / 2 + 4;
    const double centre = (panel.plot_top() + panel.plot_bottom()) / 2;
    const ChartSlot whole{.first = slots[run.first].first, .last = slots[run.end - 1].last};
    drawing.text(middle, centre, 11, "middle", whole.text(),
                 fmt::format(" fill=\"#555\" transform=\"rotate(-90 {:.1f} {:.1f})\"", middle, centre));
  }
}

void draw_axes(Drawing& drawing, const Panel& panel, const PercentAxis& axis) {
  const double height = panel.plot_bottom() - panel.plot_top();
  for (std::size_t i = 0; i < axis.tick_count(); ++i) {
    const double y = panel.plot_bottom() - height * axis.step * static_cast<double>(i) / axis.top;
    drawing.add("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"{}\"/>\n",
                panel.plot_left(), y, panel.plot_right(), y, i == 0 ? kInk : kFaint);
    drawing.text(panel.plot_left() - 6, y + 4, 12, "end", axis.tick_text(i));
  }
  const auto& slots = panel.data.slots();
  for (const std::size_t slot : named_slots(slots, kMonthWidth / panel.slot_width())) {
    // A name of the first or last month would stand out of the panel where slots are narrow.
    const double x = std::clamp(panel.x(slot), panel.left + kMonthWidth / 2,
                                panel.left + kPanelWidth - kMonthWidth / 2 + kPlotRight);
    drawing.add("<line x1=\"{0:.1f}\" y1=\"{1:.1f}\" x2=\"{0:.1f}\" y2=\"{2:.1f}\" stroke=\"{3}\"/>\n",
                panel.x(slot), panel.plot_bottom(), panel.plot_bottom() + 4, kInk);
    drawing.text(x, panel.plot_bottom() + 18, 12, "middle", slots[slot].text());
  }
}

void draw_mark(Drawing& drawing, const ChartSlot& slot, double x, double y, std::string_view colour) {
  const std::string_view fill = slot.provisional ? "#ffffff" : colour;
  if (slot.imported) {
    drawing.add("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{}\" height=\"{}\"", x - kMark, y - kMark, 2 * kMark,
                2 * kMark);
  } else {
    drawing.add("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{}\"", x, y, kMark);
  }
  drawing.add(" fill=\"{}\" stroke=\"{}\" stroke-width=\"1.5\"/>\n", fill, colour);
}

void draw_rates(Drawing& drawing, const Panel& panel, const PercentAxis& axis, Denominator denominator) {
  const auto& slots = panel.data.slots();
  const std::string_view colour = colour_of(panel.data.measures()[panel.measure]);
  const auto y = [&](double rate) {
    return panel.plot_bottom() - (panel.plot_bottom() - panel.plot_top()) * rate / axis.top;
  };
  const auto lower = [&](std::size_t i) {
    return panel.at(i) ? panel.at(i)->lower(denominator) : std::nullopt;
  };
  for (const Run& run : runs_of(slots.size(), [&](std::size_t i) { return lower(i).has_value(); })) {
    std::string line;
    std::string upper;
    bool has_band = false;
    for (std::size_t i = run.first; i < run.end; ++i) {
      has_band = has_band || panel.at(i)->unmeasured.value_or(0) > 0;
      fmt::format_to(std::back_inserter(line), "{}{:.1f},{:.1f}", line.empty() ? "" : " ", panel.x(i),
                     y(*lower(i)));
    }
    for (std::size_t i = run.end; i-- > run.first;) {
      fmt::format_to(std::back_inserter(upper), " {:.1f},{:.1f}", panel.x(i),
                     y(*panel.at(i)->upper(denominator)));
    }
    if (has_band) {
      drawing.add(
          "<polygon points=\"{}{}\" fill=\"{}\" fill-opacity=\"0.2\" stroke=\"{}\" "
          "stroke-opacity=\"0.4\"/>\n",
          line, upper, colour, colour);
    }
    drawing.add("<polyline points=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"2\"{}/>\n", line, colour,
                denominator == Denominator::kRegistered && panel.data.measures()[panel.measure] != "mx"
                    ? " stroke-dasharray=\"6 4\""
                    : "");
    for (std::size_t i = run.first; i < run.end; ++i) {
      // The bound of a single month has no band to be seen in.
      if (panel.at(i)->unmeasured.value_or(0) > 0) {
        drawing.add("<line x1=\"{0:.1f}\" y1=\"{1:.1f}\" x2=\"{0:.1f}\" y2=\"{2:.1f}\" stroke=\"{3}\"/>\n",
                    panel.x(i), y(*lower(i)), y(*panel.at(i)->upper(denominator)), colour);
      }
      draw_mark(drawing, slots[i], panel.x(i), y(*lower(i)), colour);
    }
  }
}

void draw_panel(Drawing& drawing, const Panel& panel, Language language) {
  double highest = 0;
  bool has_rates = false;
  for (std::size_t i = 0; i < panel.data.slots().size(); ++i) {
    for (const Denominator denominator : {Denominator::kMx, Denominator::kRegistered}) {
      const auto upper = panel.at(i) ? panel.at(i)->upper(denominator) : std::nullopt;
      has_rates = has_rates || upper.has_value();
      highest = std::max(highest, upper.value_or(0));
    }
  }
  drawing.text(panel.plot_left(), panel.top + 20, 15, "start",
               metric_label(panel.data.measures()[panel.measure], language), " font-weight=\"bold\"");
  if (!has_rates) {
    drawing.text(panel.plot_left(), panel.top + 60, 13, "start", page_label(PageLabel::kNoCounts, language));
    return;
  }
  const PercentAxis axis = percent_axis(highest);
  draw_axes(drawing, panel, axis);
  draw_gaps(drawing, panel);
  draw_rates(drawing, panel, axis, Denominator::kRegistered);
  draw_rates(drawing, panel, axis, Denominator::kMx);
}

std::vector<std::string_view> notes_of(const ChartData& data, std::size_t category, Language language) {
  std::vector<std::string_view> notes;
  const auto add = [&](PageLabel label) { notes.push_back(page_label(label, language)); };
  const auto any_slot = [&](auto holds) {
    return std::any_of(data.slots().begin(), data.slots().end(), holds);
  };
  bool has_unmeasured = false;
  for (std::size_t measure = 0; measure < data.measures().size(); ++measure) {
    for (std::size_t slot = 0; slot < data.slots().size(); ++slot) {
      const auto& point = data.at(category, measure, slot);
      has_unmeasured = has_unmeasured || (point && point->unmeasured.value_or(0) > 0);
    }
  }
  add(PageLabel::kNoteDashes);
  if (has_unmeasured) add(PageLabel::kNoteBound);
  if (any_slot([](const ChartSlot& slot) { return slot.imported; })) add(PageLabel::kNoteImported);
  if (any_slot([](const ChartSlot& slot) { return slot.provisional; })) add(PageLabel::kNoteProvisional);
  if (any_slot([](const ChartSlot& slot) { return slot.is_gap; })) add(PageLabel::kNoteGap);
  return notes;
}

}  // namespace

std::string svg_element(const ChartData& data, std::size_t category, Language language) {
  const std::string heading(page_label(PageLabel::kCharts, language));
  std::string title = heading;
  std::string subtitle(label(Label::kNoCounts, language));
  std::vector<std::string_view> notes;
  const std::size_t panels = data.categories().empty() ? 0 : data.measures().size();
  if (panels > 0) {
    title += ": " + category_label(data.categories()[category], language);
    subtitle = fmt::format(fmt::runtime(page_label(PageLabel::kMonths, language)),
                           data.slots().front().first.to_text(), data.slots().back().last.to_text());
    notes = notes_of(data, category, language);
  }
  const std::size_t rows = (panels + 1) / 2;
  const double panels_height = static_cast<double>(rows) * (kPanelHeight + kPanelGap);
  const double height = kHeader + panels_height + kNoteHeight * static_cast<double>(notes.size()) + kMargin;

  Drawing drawing;
  drawing.add(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" "
      "xml:lang=\"{2}\" lang=\"{2}\" role=\"img\" aria-labelledby=\"rates-title rates-text\" "
      "font-family=\"sans-serif\" fill=\"{3}\">\n",
      kWidth, height, language_tag(language), kInk);
  drawing.add("<title id=\"rates-title\">{}</title>\n<desc id=\"rates-text\">{}</desc>\n", markup_text(title),
              markup_text(subtitle));
  drawing.add("<rect width=\"{}\" height=\"{}\" fill=\"#ffffff\"/>\n", kWidth, height);
  drawing.text(kMargin, 28, 20, "start", title, " font-weight=\"bold\"");
  drawing.text(kMargin, 48, 13, "start", subtitle);
  for (std::size_t measure = 0; measure < panels; ++measure) {
    const std::size_t row = measure / 2;
    const std::size_t column = measure % 2;
    draw_panel(drawing,
               {.data = data,
                .category = category,
                .measure = measure,
                .left = kMargin + static_cast<double>(column) * (kPanelWidth + kPanelGap),
                .top = kHeader + static_cast<double>(row) * (kPanelHeight + kPanelGap)},
               language);
  }
  double y = kHeader + panels_height + 8;
  for (const std::string_view note : notes) {
    drawing.text(kMargin, y, 12, "start", note);
    y += kNoteHeight;
  }
  drawing.add("</svg>\n");
  return drawing.take();
}

std::string to_svg(const ChartData& data, std::size_t category, Language language) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + svg_element(data, category, language);
}

}  // namespace dauth::report
