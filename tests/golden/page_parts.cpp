#include "tests/golden/page_parts.h"

#include "report/page_assets.h"
#include "tests/support/child_process.h"

namespace dauth::testing {
namespace {

void replace_first(std::string& text, std::string_view part, std::string_view name) {
  const std::size_t place = text.find(part);
  if (place != std::string::npos) text.replace(place, part.size(), name);
}

}  // namespace

std::string without_assets(std::string page) {
  using namespace report;
  replace_first(page, chart_library_licence(), "[licence]\n");
  replace_first(page, chart_library().text, "[library]");
  replace_first(page, page_script().text, "[script]");
  replace_first(page, page_style().text, "[style]");
  replace_first(page, csp_source(chart_library()), "[digest of the library]");
  replace_first(page, csp_source(page_script()), "[digest of the script]");
  replace_first(page, csp_source(page_style()), "[digest of the style]");
  return page;
}

::testing::AssertionResult is_well_formed_xml(const std::string& text) {
  ProcessOptions options;
  options.arguments = {"/usr/bin/python3", "-c",
                       "import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.stdin.buffer)"};
  options.input = text;
  const ProcessResult parsed = run_program(options);
  if (parsed.status() == 0) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << parsed.err;
}

}  // namespace dauth::testing
